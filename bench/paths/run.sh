#!/bin/bash
# SPDX-License-Identifier: MIT
# run.sh - instructions per operation: the isle beside stock Linux, the same program on the same emulated processor.
#
#   run.sh [--isle-only] [--reference] [--build DIR]
#
# QEMU counts instructions instead of time (-icount shift=0), so the table is the same on every machine. The isle believes
# its clock to be slow (tsc_khz=1000), so that it polls little for answers of Linux, which come when they come. The rows
# that wait for such answers, forwarded-call and program-to-main, still vary by a few looks; all others are exact.
#   --isle-only   leave Linux out
#   --reference   print what goes into the file reference: name and count, the isle's only
#   --build DIR   the build folder ($ISLE_BUILD, the tree's build/)
# Status: 0; 1 it failed; 77 QEMU, a compiler for static programs or Debian's kernel is missing.
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=${ISLE_BUILD:-$here/../../build} linux=yes form=table
cpu=max,-erms,-fsrm runs=3

die() { echo "bench-paths: $2" >&2; exit "$1"; }
while [ $# -gt 0 ]; do
	case $1 in
	--isle-only) linux='' ;;
	--reference) linux='' form=reference ;;
	--build) [ $# -gt 1 ] || die 2 "--build wants a folder"; build=$2; shift ;;
	*) die 2 "there is no option $1" ;;
	esac
	shift
done
build=$(cd "$build" && pwd) || die 2 "there is no build folder $build"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
command -v qemu-system-x86_64 > /dev/null || die 77 "qemu-system-x86_64 is not installed"
${CC:-cc} -O2 -static -pthread -D_GNU_SOURCE -I "$here/../../tests/lib" -o "$work/init" "$here/paths.c" 2> "$work/cc" ||
	die 1 "the program cannot be compiled: $(head -n 1 "$work/cc")"

# isle NUMBER: leaves "name count" lines.
isle() {
	env HERMIT_ISLE=qemu HERMIT_CPUS=1 HERMIT_MEM=256M HERMIT_KVM=0 ISLE_IMAGE="$build/isle-kernel/isle.elf" \
		HERMIT_QEMU_OPTIONS="-icount shift=0,sleep=off -cpu $cpu,-monitor" timeout 120 \
		"$build/proxy/isle-run" -v --kernel-args tsc_khz=1000 "$work/init" > "$work/isle.$1" 2> "$work/log.$1" ||
		return
	sed -n 's/.*up after \([0-9]*\).*/boot-to-up \1/p' "$work/log.$1" >> "$work/isle.$1"
}

# One CPU, the same memory, no more devices than a serial port; the program is the first process.
linux() {
	local kernel=$1
	(cd "$work" && echo init | cpio -o -H newc --quiet) > "$work/initrd" || return
	timeout 300 qemu-system-x86_64 -nodefaults -no-user-config -no-reboot -display none -M q35 -m 256 \
		-accel tcg,thread=single -icount shift=0,sleep=off -cpu $cpu -serial stdio -kernel "$kernel" \
		-initrd "$work/initrd" -append 'console=ttyS0 panic=-1 quiet tsc=reliable' \
		< /dev/null 2> "$work/log.linux" | tr -d '\r' | grep -E '^[a-z0-9-]+ [0-9]+$' > "$work/linux"
}

if [ -n "$linux" ]; then
	# shellcheck source-path=SCRIPTDIR source=../../tests/vm/kernels.sh
	. "$here/../../tests/vm/kernels.sh"
	command -v cpio > /dev/null || die 77 "cpio is not installed"
	found=$(find_kernel '') || die 77 "there is no kernel image of the distribution in /boot"
	release=${found%% *}
	vmlinux=$(vmlinux_of "$release" "${found#* }") || die 1 "no vmlinux could be made of the kernel $release"
	linux "$vmlinux" &
fi
for n in $(seq $runs); do
	isle "$n" || { cat "$work/log.$n" >&2; die 1 "the isle failed"; }
	grep -q '^end 0$' "$work/isle.$n" || die 1 "the isle's table is not complete"
done
wait
[ -z "$linux" ] || grep -q '^end 0$' "$work/linux" || { cat "$work/log.linux" >&2; die 1 "Linux did not end"; }

# The median of the runs; counts that Linux's answers have no part in are the same in all.
cut -d ' ' -f 1 "$work/isle.1" | grep -v '^end$' | while read -r name; do
	sed -n "s/^$name //p" "$work"/isle.[0-9] | sort -n | sed -n "$(((runs + 1) / 2))p" | sed "s/^/$name /"
done > "$work/isle"
if [ $form = reference ]; then
	echo "# SPDX-License-Identifier: MIT"
	echo "# Instructions per operation on an isle: bench/paths/run.sh --reference. tests/qemu/paths.t compares."
	cat "$work/isle"
	exit
fi
[ -z "$linux" ] || echo "instructions per operation, one CPU: $(qemu-system-x86_64 --version | head -n 1), Linux $release"
printf '%-22s %10s %10s %8s\n' operation isle Linux ratio
while read -r name count; do
	other=$( [ -z "$linux" ] || sed -n "s/^$name //p" "$work/linux")
	printf '%-22s %10s %10s %8s\n' "$name" "$count" "${other:--}" \
		"$( [ -z "$other" ] || awk "BEGIN { printf \"%.2f\", $count / $other }")"
done < "$work/isle"
