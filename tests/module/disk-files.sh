#!/bin/bash
# SPDX-License-Identifier: MIT
# disk-files.sh - inside the machine: shared mappings of files on a disk. What an isle wrote after Linux had written the
# page back must reach the disk by msync, by fsync, by munmap, and if the program is killed. Catches: writes that
# Linux is not told of, and so never writes.
dir=$(mktemp -d) || exit 99
n=0
cleanup() {
	exec 3>&- 4<&-
	umount "$dir/disk" 2> /dev/null
	islectl release > /dev/null
	rm -rf "$dir"
}
trap cleanup EXIT

result() { # ok|'not ok' NAME
	n=$((n + 1))
	echo "$1 $n - $2"
}

# What is on the disk, not what Linux keeps of it: a direct read sees what was written back only.
on_disk() { # WHICH-BLOCK: its first (0) or last (15) 16 bytes
	dd if="$dir/disk/f" iflag=direct bs=4096 skip="$1" count=1 2> /dev/null |
		if [ "$1" = 0 ]; then head -c 16; else tail -c 16; fi
}
is_on_disk() { # LETTER NAME
	local want
	want=$(printf "%16s" "" | tr ' ' "$1")
	if [ "$(on_disk 0)" = "$want" ] && [ "$(on_disk 15)" = "$want" ]; then
		result ok "$2"
	else
		result 'not ok' "$2"
		echo "# on the disk: $(on_disk 0 | tr -d '\0') and $(on_disk 15 | tr -d '\0')"
	fi
}

make_file() {
	dd if=/dev/zero of="$dir/disk/f" bs=4096 count=16 conv=fsync 2> /dev/null
}
start() {
	rm -f "$dir/in" "$dir/out"
	mkfifo "$dir/in" "$dir/out"
	timeout -k 5 60 isle-run "$ISLE_BUILD/tests/module/disk-file" "$dir/disk/f" < "$dir/in" > "$dir/out" &
	run=$!
	exec 3> "$dir/in" 4< "$dir/out"
}
tell() { # WORD...: until each is done
	local word answer
	for word; do
		echo "$word" >&3
		read -r -t 60 answer <&4 && [ "$answer" = "$word" ] || echo "# no answer to $word"
	done
}

modprobe -a loop ext4 2> /dev/null
truncate -s 16M "$dir/image"
mkdir "$dir/disk"
if ! mkfs.ext4 -q "$dir/image" || ! mount -o loop "$dir/image" "$dir/disk"; then
	echo "ok 1 - disk files # SKIP there is no ext4 on a loop device here"
	echo "1..1"
	exit 0
fi
islectl reserve --cpus 2,3 --mem 256M@1 > /dev/null || exit 99

make_file
start
tell a
# Linux writes the page back; what comes next it does not see by itself.
sync
tell b
if [ "$(head -c 16 "$dir/disk/f")" = bbbbbbbbbbbbbbbb ]; then
	result ok "writes are seen at once"
else
	result 'not ok' "writes are seen at once"
fi
tell sync
is_on_disk b "msync writes what came after a writing back"
sync
tell c fsync
is_on_disk c "fsync of another descriptor does"
sync
tell d end
wait $run
status=$?
sync
is_on_disk d "munmap and the end do"
if [ $status -eq 0 ]; then result ok "the program ended well"; else result 'not ok' "the program ended with $status"; fi

make_file
start
tell a
sync
tell k
pid=$(pgrep -o -P $run)
kill -KILL "$pid"
wait $run
for _ in $(seq 50); do [ "$(islectl list 2> /dev/null | grep -c running)" = 0 ] && break || sleep 0.1; done
sync
is_on_disk k "the end of a killed program does"

# A file that is all hole, on a disk that is full: touching it is a bus error.
truncate -s 0 "$dir/disk/f"
truncate -s 64K "$dir/disk/f"
dd if=/dev/zero of="$dir/disk/fill" bs=64K 2> /dev/null
dd if=/dev/zero of="$dir/disk/fill2" bs=1K 2> /dev/null
start
echo x >&3
wait $run
status=$?
if [ $status -eq 135 ]; then
	result ok "a full disk is a bus error"
else
	result 'not ok' "a full disk is a bus error"
	echo "# the status is $status"
fi
exec 3>&- 4<&-
rm -f "$dir/disk/fill" "$dir/disk/fill2"
if TMPDIR=$dir/disk isle-run "$ISLE_BUILD/tests/conform/bin/shared/msync-file" > "$dir/said" 2>&1; then
	result ok "another process reads what was synced"
else
	result 'not ok' "another process reads what was synced"
	sed 's/^/# /' "$dir/said"
fi
if umount "$dir/disk"; then result ok "nothing holds the disk"; else result 'not ok' "nothing holds the disk"; fi
if dmesg | grep -iE 'ext4.*(warning|error)|WARNING:'; then
	result 'not ok' "the file system has no complaint"
else
	result ok "the file system has no complaint"
fi
echo "1..$n"
