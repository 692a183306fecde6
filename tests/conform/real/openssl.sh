#!/bin/sh
# SPDX-License-Identifier: MIT
# openssl.sh [COMMAND...] - OpenSSL: a hash, a cipher there and back, random bytes, a key, its speed for a moment.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need openssl sha256sum
awk 'BEGIN { for (i = 0; i < 50000; i++) print "line", i }' > "$work/plain"
"$@" openssl dgst -sha256 "$work/plain" > "$work/hash" 2>&1
ok "hash" says "$work/hash" "$(sha256sum < "$work/plain" | cut -d' ' -f1)"
"$@" openssl enc -aes-256-ctr -pbkdf2 -iter 1000 -pass pass:isle -in "$work/plain" -out "$work/secret" 2> "$work/err"
ok "encrypts" [ $? -eq 0 ]
"$@" openssl enc -d -aes-256-ctr -pbkdf2 -iter 1000 -pass pass:isle -in "$work/secret" -out "$work/again" 2> "$work/err"
ok "and decrypts" cmp "$work/plain" "$work/again"
"$@" openssl rand -hex 32 > "$work/random" 2> "$work/err"
ok "random bytes" says "$work/random" '^[0-9a-f]{64}$'
"$@" openssl genpkey -algorithm ED25519 -out "$work/key" 2> "$work/err"
ok "a key" says "$work/key" 'BEGIN PRIVATE KEY'
"$@" openssl speed -seconds 1 -bytes 1024 -evp aes-128-ctr > "$work/speed" 2>&1
ok "speed" says "$work/speed" '^(AES-128-CTR|aes-128-ctr) +[0-9.]+k'
finish
