#!/bin/sh
# SPDX-License-Identifier: MIT
# python.sh [COMMAND...] - the Python interpreter: files, threads, a socket, numbers, child processes.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need python3
# The distribution's; a launcher script instead of it would be no program of its own.
python=$(command -v /usr/bin/python3 || python3 -c "import sys; print(sys.executable)")
cat > "$work/script.py" <<'PY'
import hashlib, json, os, socket, subprocess, sys, tempfile, threading
from concurrent.futures import ThreadPoolExecutor
with tempfile.TemporaryDirectory() as d:
    name = os.path.join(d, "file")
    with open(name, "w") as f:
        json.dump({str(i): i * i for i in range(5000)}, f)
    with open(name) as f:
        print("json", sum(json.load(f).values()))
    print("files", sorted(os.listdir(d)), os.path.getsize(name))
with ThreadPoolExecutor(8) as pool:
    print("threads", sum(pool.map(lambda n: n * n, range(1000))))
a, b = socket.socketpair()
t = threading.Thread(target=lambda: b.sendall(b"x" * 100000) or b.close())
t.start()
n = 0
while data := a.recv(4096):
    n += len(data)
t.join()
print("socket", n)
print("hash", hashlib.sha256(b"isle" * 100000).hexdigest())
print("big", pow(3, 100000, 10**50))
print("child", subprocess.run(["echo", "hello"], capture_output=True, text=True).stdout.strip(), flush=True)
shell = subprocess.run("tr a-z A-Z; exit 9", shell=True, input="hello", capture_output=True, text=True)
print("shell", shell.returncode, shell.stdout)
sys.exit(7)
PY
"$@" "$python" "$work/script.py" > "$work/out" 2> "$work/err"
echo "status $?"
cat "$work/err" >&2
cat "$work/out"
ok "files" says "$work/out" '^json 41654167500$' "^files \\['file'\\] "
ok "threads and socket" says "$work/out" '^threads 332833500$' '^socket 100000$'
ok "children" says "$work/out" '^child hello$' '^shell 9 HELLO$'
finish
