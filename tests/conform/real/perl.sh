#!/bin/sh
# SPDX-License-Identifier: MIT
# perl.sh [COMMAND...] - the Perl interpreter: files, sorting, patterns, numbers, a pipe to a child.
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
printf "%.12f %s\n", atan2(1, 1) * 4, join ',', map { sprintf '%x', $_ ** 3 } 1 .. 20;
opendir my $dir, $ARGV[0] or die;
print "there: ", join(' ', sort grep { !/^\./ } readdir $dir), "\n";
$| = 1;
# A child by fork, as Perl makes them: where there is no fork, it says so.
my $pid = open my $pipe, '-|', 'echo', 'from a child';
print "child: ", $pid ? scalar(<$pipe>) : "none: $!\n";
unlink $name or die;
exit 5;
PL
"$@" perl "$work/script.pl" "$work" > "$work/out" 2> "$work/err"
echo "status $?"
cat "$work/err" >&2
grep -v '^child: ' "$work/out"
ok "files and hashes" says "$work/out" '^sum 200010000 kinds 505$' '^first [0-9]+$'
ok "a child, or why not" says "$work/out" '^child: (from a child|none: Function not implemented)$'
finish
