# SPDX-License-Identifier: MIT
# table.awk - tests/isle/list as the table in docs/platforms.md
BEGIN { FS = " [|] "; print "| test | multi | qemu | uhyve |"; print "|---|---|---|---|" }
/^#/ || !NF { next }
{
	line = "| " $1 " |"
	for (i = 2; i <= 4; i++)
		line = line " " ($i ~ /^- / ? "no: " substr($i, 3) : "`" $i "`") " |"
	print line
}
