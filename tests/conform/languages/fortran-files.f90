! SPDX-License-Identifier: MIT
! fortran-files - formatted, direct and stream files are written and read back. Catches ftruncate and lseek as
! libgfortran uses them.
program fortran_files
	implicit none
	character(len=512) :: name
	character(len=32) :: dir
	integer :: i, n, unit, total, status
	real(8) :: x
	real(8) :: record(16)
	logical :: good

	call get_environment_variable('TMPDIR', name, status=status)
	if (status /= 0) name = '/tmp'
	write (dir, '(a,i0)') '/conform-fortran-', getpid()
	name = trim(name) // trim(dir)
	open (newunit=unit, file=trim(name), status='new', action='readwrite')
	do i = 1, 1000
		write (unit, '(i6,1x,es24.16)') i, 1d0 / i
	end do
	rewind (unit)
	total = 0
	good = .true.
	do i = 1, 1000
		read (unit, *) n, x
		total = total + n
		good = good .and. x == 1d0 / i
	end do
	call ok(total == 500500 .and. good, 'formatted file')
	read (unit, *, iostat=status) n
	call ok(status < 0, 'its end')
	rewind (unit)
	write (unit, '(a)') 'short'
	rewind (unit)
	read (unit, *)
	read (unit, *, iostat=status) n
	call ok(status < 0, 'a write cuts what follows')
	close (unit, status='delete')
	open (newunit=unit, file=trim(name), access='direct', recl=128, form='unformatted', status='new')
	do i = 50, 1, -1
		record = i
		write (unit, rec=i) record
	end do
	read (unit, rec=17) record
	call ok(all(record == 17d0), 'direct access')
	close (unit, status='delete')
	open (newunit=unit, file=trim(name), access='stream', form='unformatted', status='new')
	write (unit) [(i, i = 1, 10000)]
	read (unit, pos=4 * 9999 + 1) n
	call ok(n == 10000, 'stream access')
	close (unit, status='delete')
	inquire (file=trim(name), exist=good)
	call ok(.not. good, 'removed')
contains
	subroutine ok(holds, what)
		logical, intent(in) :: holds
		character(len=*), intent(in) :: what

		if (holds) then
			print '(2a)', 'ok ', what
		else
			print '(3a)', 'not ok ', what, ': not so'
			error stop
		end if
	end subroutine
end program
