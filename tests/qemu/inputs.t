#!/bin/bash
# SPDX-License-Identifier: MIT
# inputs.t - what cannot be is refused with one sentence and the right status.
# shellcheck disable=SC2154,SC2034 # shared with lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# fake TEXT COMMANDS: a QEMU that prints the text as its version and runs the commands otherwise.
fake() {
	{
		echo '#!/bin/sh'
		# shellcheck disable=SC2016 # for the script
		echo 'if [ "$1" = --version ]; then' "echo '$1'; exit; fi"
		echo "$2"
	} > "$temp/qemu"
	chmod +x "$temp/qemu"
	export HERMIT_QEMU=$temp/qemu
}

HERMIT_KVM=2 on_isle 2 "HERMIT_KVM is 0 or 1" /bin/true
HERMIT_MONITOR=y on_isle 2 "HERMIT_MONITOR is 0 or 1" /bin/true
HERMIT_PORT=99999 on_isle 2 "HERMIT_PORT" /bin/true
HERMIT_QEMU=/nonexistent on_isle 125 "which is not there" /bin/true
HERMIT_QEMU=no-such-qemu on_isle 125 "install QEMU" /bin/true
HERMIT_QEMU=/etc/passwd on_isle 125 "not a program" /bin/true
HERMIT_CPUS=255 on_isle 2 "at most 254" /bin/true
HERMIT_CPUS=0 on_isle 2 "0 CPUs were asked for" /bin/true
HERMIT_MEM=2M on_isle 125 "an isle needs" /bin/true
HERMIT_QEMU_OPTIONS="-no-such-option" on_isle 125 "invalid option" /bin/true
HERMIT_QEMU_OPTIONS="-m 32" on_isle 125 "did not come up" /bin/true
on_isle 127 "No such file" /nonexistent/program
echo "no program" > "$temp/text"
chmod +x "$temp/text"
on_isle 126 "neither an ELF program nor a script" "$temp/text"

# QEMU with KVM runs the isle, or it is said in a sentence that this machine cannot, and nothing stays.
cp "$ISLE_IMAGE" "$temp/mine.elf"
if (: <> /dev/kvm) 2> /dev/null; then
	HERMIT_KVM=1 ISLE_IMAGE=$temp/mine.elf try timeout -k 5 60 "$isle_run" --start-timeout 10000 "$probe" exit 7
	[ "$status" -eq 7 ] || { [ "$status" -eq 125 ] && [ "$(wc -l < "$temp/err")" -eq 1 ] &&
		grep -q '^isle-run: .*HERMIT_KVM=0' "$temp/err"; }
	report "HERMIT_KVM=1: a program runs, or a sentence says that it cannot (status $status)" $?
	[ "$(pgrep -c -f -- "-kernel $temp/mine.elf")" -eq 0 ]
	report "and nothing is left running" $?
else
	HERMIT_KVM=1 on_isle 125 "/dev/kvm cannot be used" /bin/true
fi

fake "QEMU emulator version 4.2.1" "echo 'invalid accelerator' >&2; exit 1"
on_isle 125 "QEMU 4.2, which is too old for isles" /bin/true
fake "GNU hello 1.0" "exit 0"
on_isle 125 "is not QEMU" /bin/true
fake "QEMU emulator version 8.0.0" "echo 'out of luck' >&2; exit 5"
on_isle 125 "QEMU ended with status 5: out of luck" /bin/true
fake "QEMU emulator version 8.0.0" "kill -9 \$\$"
on_isle 125 "killed by signal 9" /bin/true
# One that never starts the isle kernel.
fake "QEMU emulator version 8.0.0" "exec sleep 1000"
on_isle 125 "not up after 500 ms" --start-timeout 500 /bin/true
# One that floods every way out.
fake "QEMU emulator version 8.0.0" "head -c 3000000 /dev/urandom >&4; head -c 3000000 /dev/urandom; exit 1"
on_isle 125 "QEMU ended with status 1" /bin/true
finish
