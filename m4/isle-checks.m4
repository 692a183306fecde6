# SPDX-License-Identifier: MIT
# isle-checks.m4 - sanitizers and the fuzzing engine, and where system files are installed.

# ISLE_SANITIZERS
# Sets ASAN_FLAGS (address and undefined behaviour) and TSAN_FLAGS where the compiler has them, and the
# conditionals HAVE_ASAN, HAVE_TSAN and HAVE_LIBFUZZER. Without libFuzzer fuzz targets are
# built with their own bounded driver.
AC_DEFUN([ISLE_SANITIZERS], [
ISLE_TRY_LINK([$CC], [-fsanitize=address,undefined -fno-sanitize-recover=all], [isle_asan])
ISLE_TRY_LINK([$CC], [-fsanitize=thread], [isle_tsan])
isle_fuzzer=no
AS_IF([test -n "$CLANG"], [
	AC_MSG_CHECKING([whether $CLANG has libFuzzer])
	cat > conftest.c <<ISLE_EOF
#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { (void)data; (void)size; return 0; }
ISLE_EOF
	AS_IF([$CLANG -fsanitize=fuzzer,address conftest.c -o conftest >&AS_MESSAGE_LOG_FD 2>&1], [isle_fuzzer=libFuzzer])
	rm -f conftest conftest.c
	AC_MSG_RESULT([$isle_fuzzer])
])
AS_IF([test "$isle_asan" = yes], [ASAN_FLAGS="-fsanitize=address,undefined -fno-sanitize-recover=all"])
AS_IF([test "$isle_tsan" = yes], [TSAN_FLAGS="-fsanitize=thread"])
AC_SUBST([ASAN_FLAGS])
AC_SUBST([TSAN_FLAGS])
AM_CONDITIONAL([HAVE_ASAN], [test "$isle_asan" = yes])
AM_CONDITIONAL([HAVE_TSAN], [test "$isle_tsan" = yes])
AM_CONDITIONAL([HAVE_LIBFUZZER], [test "$isle_fuzzer" != no])
])

# ISLE_TRY_LINK(COMPILER, FLAGS, VARIABLE)
AC_DEFUN([ISLE_TRY_LINK], [
AC_MSG_CHECKING([whether $1 links with $2])
echo 'int main(void) { return 0; }' > conftest.c
AS_IF([$1 $2 conftest.c -o conftest >&AS_MESSAGE_LOG_FD 2>&1], [$3=yes], [$3=no])
rm -f conftest conftest.c
AC_MSG_RESULT([$$3])
])

# ISLE_DIRS
# Folders that belong to other parts of the system. The defaults lie below the prefix, so that an unprivileged
# install and `make distcheck` stay inside it; packagers name the real ones.
AC_DEFUN([ISLE_DIRS], [
AC_ARG_WITH([udevdir], [AS_HELP_STRING([--with-udevdir=DIR], [udev rules @<:@PREFIX/lib/udev/rules.d@:>@])],
	[UDEV_RULES_DIR=$withval], [UDEV_RULES_DIR='${prefix}/lib/udev/rules.d'])
AC_ARG_WITH([unitdir], [AS_HELP_STRING([--with-unitdir=DIR], [systemd units @<:@PREFIX/lib/systemd/system@:>@])],
	[SYSTEMD_UNIT_DIR=$withval], [SYSTEMD_UNIT_DIR='${prefix}/lib/systemd/system'])
AC_ARG_WITH([moduledir], [AS_HELP_STRING([--with-moduledir=DIR], [kernel modules @<:@PREFIX/lib/modules@:>@])],
	[MODULE_DIR=$withval], [MODULE_DIR='${prefix}/lib/modules'])
AC_SUBST([UDEV_RULES_DIR])
AC_SUBST([SYSTEMD_UNIT_DIR])
AC_SUBST([MODULE_DIR])
])
