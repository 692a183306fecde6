#!/bin/sh
# SPDX-License-Identifier: MIT
# perl.sh [COMMAND...] - the Perl interpreter: files, sorting, patterns, a pipe to a child.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need perl
cat > "$work/script.pl" <<'PL'
use strict;
use warnings;
my $name = "$ARGV[0]/file";
open my $out, '>', $name or die;
print $out join(' ', $_, $_ * $_ % 1009), "\n" for 1 .. 20000;
close $out or die;
open my $in, '<', $name or die;
my ($sum, %seen) = (0);
while (<$in>) { if (/^(\d+) (\d+)$/) { $sum += $1; $seen{$2}++ } }
print "sum $sum kinds ", scalar(keys %seen), "\n";
my @sorted = sort { $seen{$b} <=> $seen{$a} || $a <=> $b } keys %seen;
print "first $sorted[0]\n";
open my $pipe, '-|', 'echo', 'from a child' or print "no child\n";
print "child: ", scalar(<$pipe>) if $pipe;
unlink $name or die;
exit 5;
PL
"$@" perl "$work/script.pl" "$work" > "$work/out" 2> "$work/err"
ok "ends with its status" [ $? -eq 5 ]
ok "files and hashes" says "$work/out" '^sum 200010000 kinds 505$' '^first [0-9]+$'
finish
