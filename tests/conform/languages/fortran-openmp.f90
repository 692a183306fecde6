! SPDX-License-Identifier: MIT
! fortran-openmp - parallel loops, reductions, criticals and tasks give the results of one thread. Catches stacks of
! OpenMP threads that are too small and lost wake-ups.
program fortran_openmp
	use omp_lib
	implicit none
	integer, parameter :: n = 200000
	real(8), allocatable :: a(:), b(:)
	integer :: i, counter, threads
	integer(8) :: total

	allocate (a(n), b(n))
	call omp_set_num_threads(4)
	threads = 0
	!$omp parallel reduction(+:threads)
	threads = 1
	!$omp end parallel
	call ok(threads == 4, 'four threads')
	!$omp parallel do
	do i = 1, n
		a(i) = i
		b(i) = sqrt(dble(i))
	end do
	!$omp end parallel do
	total = 0
	!$omp parallel do reduction(+:total) schedule(dynamic,100)
	do i = 1, n
		total = total + int(a(i), 8)
	end do
	!$omp end parallel do
	call ok(total == int(n, 8) * (n + 1) / 2, 'reduction')
	counter = 0
	!$omp parallel do
	do i = 1, 1000
		!$omp critical
		counter = counter + 1
		!$omp end critical
	end do
	!$omp end parallel do
	call ok(counter == 1000, 'critical')
	counter = 0
	!$omp parallel
	!$omp single
	do i = 1, 500
		!$omp task
		!$omp atomic
		counter = counter + 1
		!$omp end task
	end do
	!$omp end single
	!$omp end parallel
	call ok(counter == 500, 'tasks')
	call ok(maxval(abs(b * b - a)) < 1d-9, 'values')
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
