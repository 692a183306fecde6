# SPDX-License-Identifier: MIT
# Which Linux kernels can be booted here, where their files are, and the two
# files QEMU wants from each: an ELF vmlinux and an initramfs; and which QEMU is
# new enough for x2APIC.  Sourced by run-vm and by setup.
# shellcheck shell=bash

cache_dir()
{
	printf '%s/hermit-isles\n' "${XDG_CACHE_HOME:-$HOME/.cache}"
}

# One line a kernel, oldest first: RELEASE ROOT, where ROOT/boot and ROOT/lib
# hold it (ROOT is empty for the system's own).  Stock flavour only: the cloud
# flavour lacks drivers, and rt is another kernel altogether.
list_kernels()
{
	local file rel root

	for root in '' "$(cache_dir)"/kernels/*; do
		for file in "$root"/boot/vmlinuz-*-amd64; do
			[ -r "$file" ] || continue
			rel=${file##*/vmlinuz-}
			case $rel in
			*-cloud-amd64 | *-rt-amd64) continue ;;
			esac
			[ -d "$root/lib/modules/$rel" ] || continue
			printf '%s %s\n' "$rel" "$root"
		done
	done | sort -V -u -k1,1
}

# find_kernel [VERSION]: the newest kernel of that release or prefix; without
# one the newest 6.1, which is what the project is developed on.
find_kernel()
{
	local found

	if [ $# -gt 0 ] && [ -n "$1" ]; then
		found=$(list_kernels | awk -v v="$1" '
			$1 == v || index($1, v ".") == 1 || index($1, v "-") == 1 ||
			index($1, v "+") == 1 { k = $0 } END { print k }')
	else
		found=$(list_kernels | awk '
			/^6\.1\./ { k = $0 } { last = $0 }
			END { print k != "" ? k : last }')
	fi
	[ -n "$found" ] && printf '%s\n' "$found"
}

# A little-endian number out of a file: le FILE OFFSET BYTES
le()
{
	od -An -v -t "u$3" -j "$2" -N "$3" "$1" | tr -d ' '
}

# An ELF vmlinux starts twice as fast as the bzImage it is packed in: nothing
# has to be decompressed by an emulated CPU.  The boot protocol's header says
# where the payload is; its last four bytes are the unpacked size.
unpack_vmlinux()
{
	local image=$1 start length magic unpack

	start=$((($(le "$image" 497 1) + 1) * 512 + $(le "$image" 584 4)))
	length=$(($(le "$image" 588 4) - 4))
	magic=$(od -An -v -t x1 -j "$start" -N 4 "$image" | tr -d ' ')
	case $magic in
	fd377a58) unpack='xz -dc' ;;
	28b52ffd) unpack='zstd -dcq' ;;
	1f8b*) unpack='gzip -dc' ;;
	*) return 1 ;;
	esac
	# shellcheck disable=SC2086 # the command's words
	tail -c "+$((start + 1))" "$image" | head -c "$length" | $unpack
}

# vmlinux_of RELEASE ROOT: its path in the cache.  Made under another name and
# renamed, since several machines may start at once.
vmlinux_of()
{
	local image=$2/boot/vmlinuz-$1 key file temp

	key=$(stat -L -c '%s-%Y' "$image") || return
	file=$(cache_dir)/boot/vmlinux-$1-$key
	if [ ! -e "$file" ]; then
		mkdir -p "${file%/*}" && temp=$(mktemp "$file.XXXXXX") || return
		if ! unpack_vmlinux "$image" >"$temp" ||
			[ "$(head -c 4 "$temp" | tail -c 3)" != ELF ]; then
			rm -f "$temp"
			return 1
		fi
		mv -f "$temp" "$file" || return
	fi
	printf '%s\n' "$file"
}

# The modules the first program needs, in the order they have to be loaded.
boot_modules()
{
	PATH=$PATH:/usr/sbin:/sbin modprobe -d "${2:-/}" -S "$1" -a \
		--show-depends virtio_pci 9pnet_virtio 9p overlay virtio_console |
		awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

# initramfs_of RELEASE ROOT FOLDER: the archive with busybox, those modules and
# the scripts of FOLDER; its name holds a hash of all that goes into it.
initramfs_of()
{
	local modules key file temp

	modules=$(boot_modules "$1" "$2") && [ -n "$modules" ] || return
	key=$({
		cat "$3/kernels.sh" "$3/init" "$3/job-init"
		# shellcheck disable=SC2086 # paths without spaces, a line each
		stat -L -c '%n %s %Y' "$(command -v busybox)" $modules
	} | sha256sum | cut -c 1-16)
	file=$(cache_dir)/boot/initramfs-$1-$key
	if [ ! -e "$file" ]; then
		mkdir -p "${file%/*}" && temp=$(mktemp -d "$file.XXXXXX") || return
		if ! pack_initramfs "$temp" "$3" "$modules" ||
			! mv -f "$temp/cpio" "$file"; then
			rm -rf "$temp"
			return 1
		fi
		rm -rf "$temp"
		# Those of earlier scripts; a day is longer than any start.
		find "${file%/*}" -name 'initramfs-*' -mtime +0 \
			! -path "$file" -exec rm -rf {} +
	fi
	printf '%s\n' "$file"
}

pack_initramfs()
{
	local dir=$1/root module name

	mkdir -p "$dir/bin" "$dir/modules" "$dir/proc" "$dir/dev" \
		"$dir/host" "$dir/upper" "$dir/new" &&
		cp -L "$(command -v busybox)" "$dir/bin/busybox" &&
		cp "$2/init" "$2/job-init" "$dir/" &&
		chmod 755 "$dir/init" || return
	for module in $3; do
		name=${module##*/}
		case $name in
		*.xz) xz -dc "$module" ;;
		*.zst) zstd -dcq "$module" ;;
		*) cat "$module" ;;
		esac >"$dir/modules/${name%%.ko*}.ko" || return
		echo "${name%%.ko*}" >>"$dir/modules/order"
	done
	(cd "$dir" && find . | cpio --quiet -o -H newc -R 0:0) >"$1/cpio"
}

# The first QEMU of version 10 or later: earlier ones cannot emulate an x2APIC.
find_qemu10()
{
	local file version

	for file in "$ISLE_QEMU" "$(cache_dir)/qemu/qemu-system-x86_64" \
		"$(command -v qemu-system-x86_64)"; do
		[ -x "$file" ] || continue
		version=$("$file" --version 2>/dev/null)
		version=${version#QEMU emulator version }
		[ "${version%%.*}" -ge 10 ] 2>/dev/null || continue
		printf '%s\n' "$file"
		return
	done
	return 1
}
