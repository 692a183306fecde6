# SPDX-License-Identifier: MIT
# syscalls.awk - makes docs/syscalls.md from abi/isle/syscalls.def.
BEGIN {
	FS = "[(,]"
	print "<!-- SPDX-License-Identifier: MIT -->"
	print "<!-- made from abi/isle/syscalls.def by docs/syscalls.awk: make -C docs syscalls -->"
	print "# System calls"
	print ""
	print "*local*: served by the isle kernel. *forwarded*: made by the proxy on Linux, with the program's own buffers."
	print "*both*: the isle kernel does its part and asks Linux for the rest. *none*: `ENOSYS`."
	print ""
	print "| number | call | served |"
	print "|---|---|---|"
	where["LEAF"] = where["LOCAL"] = "local"
	where["BOTH"] = "both"
	where["FORWARD"] = "forwarded"
	where["NOSYS"] = "none"
}
/^[A-Z]+\([0-9]+,/ {
	gsub(/ /, "", $3)
	printf "| %d | `%s` | %s |\n", $2, $3, where[$1]
	count[where[$1]]++
}
END {
	print ""
	printf "%d local, %d both, %d forwarded, %d none.\n", count["local"], count["both"], count["forwarded"], count["none"]
}
