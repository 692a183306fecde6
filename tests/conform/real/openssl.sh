#!/bin/sh
# SPDX-License-Identifier: MIT
# openssl.sh [COMMAND...] - OpenSSL: hashes, a cipher there and back, random bytes, a key, its speed for a moment.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need openssl sha256sum
awk 'BEGIN { for (i = 0; i < 50000; i++) print "line", i }' > "$work/plain"
(cd "$work" && "$@" openssl dgst -sha256 plain) > "$work/hash" 2>&1
cat "$work/hash"
ok "the hash is right" says "$work/hash" "$(sha256sum < "$work/plain" | cut -d' ' -f1)"
# Of one salt, so that the bytes are the same each time.
"$@" openssl enc -aes-256-ctr -pbkdf2 -iter 1000 -S 0011223344556677 -pass pass:isle -in "$work/plain" \
	-out "$work/secret" 2> "$work/err"
ended $? "$work/err"
echo "encrypted: $(sha256sum < "$work/secret")"
"$@" openssl enc -d -aes-256-ctr -pbkdf2 -iter 1000 -S 0011223344556677 -pass pass:isle -in "$work/secret" \
	-out "$work/again" 2> "$work/err"
ended $? "$work/err"
ok "decrypts" cmp "$work/plain" "$work/again"
"$@" openssl rand -hex 32 > "$work/random" 2> "$work/err"
ok "random bytes" says "$work/random" '^[0-9a-f]{64}$'
"$@" openssl genpkey -algorithm ED25519 -out "$work/key" 2> "$work/err"
ok "a key" says "$work/key" 'BEGIN PRIVATE KEY'
"$@" openssl speed -seconds 1 -bytes 1024 -evp aes-128-ctr > "$work/speed" 2>&1
ended $? "$work/speed"
ok "speed" says "$work/speed" '^(AES-128-CTR|aes-128-ctr) +[0-9.]+k'
finish
