# SPDX-License-Identifier: MIT
# symbols.awk - reads `nm -n` of a linked kernel, writes the table of its functions (include/kern/symbols.h) as assembly.
#
# The table lies behind the text, so that linking it in moves no function. Without input it is empty: the first pass.
BEGIN {
	print "/* Made by tools/symbols.awk. */"
	nr = 0
	names = 0
}
$2 ~ /^[tT]$/ && $3 !~ /^(kernel_|trap_vectors|KBASE|PVH)/ {
	if ($1 == last)
		next
	last = $1
	addr[nr] = $1
	name[nr] = $3
	offset[nr] = names
	names += length($3) + 1
	nr++
}
END {
	print "\t.section .symbols, \"a\""
	print "\t.balign 8"
	print "\t.globl kernel_symbols"
	print "kernel_symbols:"
	print "\t.quad kernel_text_start, kernel_text_end"
	print "\t.long " nr ", 0"
	print "\t.quad symbols_sorted, symbols_names"
	print "symbols_sorted:"
	for (i = 0; i < nr; i++)
		print "\t.long 0x" substr(addr[i], 9) " - 0x80000000, " offset[i]
	print "symbols_names:"
	for (i = 0; i < nr; i++)
		print "\t.asciz \"" name[i] "\""
	print "\t.byte 0"
	print "\t.section .note.GNU-stack, \"\", @progbits"
}
