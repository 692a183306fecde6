# SPDX-License-Identifier: MIT
# Starts, watches and ends the QEMU machine: its command line, the job file it
# reads its work from, and the three streams that come back.  Sourced by run-vm.
# shellcheck shell=bash disable=SC2154,SC2034 # shared with run-vm

# Environment that COMMAND gets besides PATH.
keep_name()
{
	case $1 in
	HOME | USER | LOGNAME | SHELL | LANG | LANGUAGE | LC_* | TERM | TZ | \
		TMPDIR | V | CC | CFLAGS | LD_LIBRARY_PATH | *SAN_OPTIONS | \
		ISLE_* | HERMIT_* | OMP_* | KMP_* | UCX_* | MPI* | HWLOC_* | \
		GOMAXPROCS | TAP_* | TEST_*) ;;
	*) return 1 ;;
	esac
}

# Words as a POSIX shell reads them back, whatever is in them.
quote()
{
	local word space=

	for word; do
		printf "%s'%s'" "$space" "${word//\'/\'\\\'\'}"
		space=' '
	done
}

tool_path()
{
	local dir path=

	for dir in proxy linux-module isle-kernel tests; do
		[ ! -d "$build/$dir" ] || path+=$build/$dir:
	done
	printf '%s%s:/usr/sbin:/sbin\n' "$path" "$PATH"
}

# The job is a shell script: variables for job-init, and a function job.
write_job()
{
	local name

	echo "job_mark=$(quote "$mark")"
	echo "job_ko=$(quote "$ko")"
	echo "job_out=$(quote "$out")"
	echo "job_modules=$(quote "$modules")"
	echo "job()"
	echo "{"
	echo "export PATH=$(quote "$(tool_path)")"
	echo "export ISLE_BUILD=$(quote "$build")"
	while read -r name; do
		if [ "$name" != ISLE_BUILD ] && keep_name "$name"; then
			echo "export $name=$(quote "${!name}")"
		fi
	done < <(compgen -e)
	echo "cd $(quote "$PWD") || exit 126"
	echo "exec $(quote "$@")"
	echo "}"
}

# Without CMPXCHG16B: QEMU sometimes leaves half of RAX in the flags after it, and Linux, whose allocator uses it, dies
# of the single step that it never asked for.  Without ERMS: QEMU goes through `rep stosb' a byte at a time, and Linux,
# told that it is fast, clears and copies memory by it; without, it stores words.
# Two sockets, a node each.  Cores a socket are a power of two: with a hole in
# the APIC ids QEMU's interrupt controller loses interrupts.
qemu_args()
{
	local half=$((mem * 512)) per=$((cpus / 2)) accel=q35 model=max,-cx16,-erms,-fsrm node
	local tcg=tcg,thread=multi

	[ -z "$x2apic" ] || accel=q35,kernel-irqchip=split model=$model,+x2apic
	[ -z "$icount" ] || tcg=tcg,thread=single
	[ -z "$plugin" ] || model+=,-erms,-fsrm
	# shellcheck disable=SC2054 # QEMU's own commas
	args=(-nodefaults -no-user-config -no-reboot -display none -monitor none
		-M "$accel" -accel "$tcg" -cpu "$model" -m "${mem}G"
		-smp "$cpus,sockets=2,cores=$per,threads=1")
	for node in 0 1; do
		args+=(-object "memory-backend-ram,id=m$node,size=${half}M"
			-numa "node,nodeid=$node,memdev=m$node,cpus=$((node * per))-$((node * per + per - 1))")
	done
	# One instruction is one tick of a TSC of 1 GHz.
	# shellcheck disable=SC2054
	[ -z "$icount" ] || args+=(-icount shift=0,sleep=on)
	[ -z "$plugin" ] || args+=(-plugin "$plugin")
	# shellcheck disable=SC2054
	[ -z "$x2apic" ] || args+=(-device intel-iommu,intremap=on,eim=on)
	args+=(-chardev "file,id=console,path=$temp/console"
		-serial chardev:console
		-device "virtio-serial-pci,max_ports=4")
	share host / ,readonly=on
	[ -z "$out" ] || share out "$out" ''
	port 1 out
	port 2 err
	port 3 report
	args+=(-kernel "$vmlinux" -initrd "$initramfs" -append "$(kernel_args)")
}

share()
{
	args+=(-virtfs "local,path=${2//,/,,},mount_tag=$1,security_model=none,multidevs=remap$3")
}

port()
{
	args+=(-chardev "file,id=$2,path=$temp/$2"
		-device "virtserialport,chardev=$2,nr=$1")
}

# Clearing memory at each allocation, the distribution's default, makes large
# allocations a hundred times slower here.  The emulated CPUs' TSCs are one
# clock, but Linux does not believe that without being told.
kernel_args()
{
	printf 'console=ttyS0 panic=-1 oops=panic loglevel=7 init_on_alloc=0 tsc=reliable'
	printf ' runvm.job=%s' "$temp"
	[ -z "$x2apic" ] || printf ' intel_iommu=on'
	[ -z "$append" ] || printf ' %s' "$append"
}

# The machine dies with this script, even when that is killed outright.
start_machine()
{
	mkfifo "$temp/out" "$temp/err" "$temp/report"
	: >"$temp/console"
	"$here/pump" "$mark" <"$temp/out" 2>/dev/null &
	pump_out=$!
	"$here/pump" "$mark" <"$temp/err" >&2 2>/dev/null &
	pump_err=$!
	setpriv --pdeathsig KILL "$qemu" "${args[@]}" </dev/null \
		>"$temp/qemu" 2>&1 &
	machine=$!
	exec 4<"$temp/report"
}

stop_machine()
{
	local pid

	for pid in $machine $pump_out $pump_err; do
		kill -KILL "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	machine='' pump_out='' pump_err=''
}

# next_report: the machine's next line in $report; 1 when it is gone, 2 when
# the time is up.
next_report()
{
	local left=$((deadline - SECONDS)) rc=0

	[ "$left" -gt 0 ] || return 2
	IFS= read -r -t "$left" -u 4 report || rc=$?
	[ "$rc" -le 128 ] || return 2
	return "$rc"
}

# Waits until both streams have been read to their end; 1 when whoever reads
# ours is so slow that the time is up.
drain()
{
	while kill -0 "$pump_out" 2>/dev/null || kill -0 "$pump_err" 2>/dev/null
	do
		[ "$SECONDS" -lt "$deadline" ] || return 1
		sleep 0.01
	done
}
