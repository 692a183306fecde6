# SPDX-License-Identifier: MIT
# isle-linux.m4 - which Linux kernels the module is built for.

# ISLE_LINUX
# Sets LINUX_DIRS (folders of kernel headers, separated by blanks) and the conditional BUILD_MODULE.
# One build can serve several kernels, so --with-linux takes a list.
AC_DEFUN([ISLE_LINUX], [
AC_ARG_ENABLE([module],
	[AS_HELP_STRING([--disable-module], [leave the Linux module out])],
	[], [enable_module=yes])
AC_ARG_WITH([linux],
	[AS_HELP_STRING([--with-linux=DIR],
		[kernel headers to build the module for; several, separated by commas or blanks
		 @<:@headers of the running kernel, else those under /usr/src@:>@])],
	[], [with_linux=auto])
LINUX_DIRS=
AS_IF([test "$enable_module" = no || test "$with_linux" = no], [], [
	AS_IF([test "$with_linux" = auto || test "$with_linux" = yes], [
		AC_MSG_CHECKING([for kernel headers])
		for isle_dir in "/lib/modules/$(uname -r)/build" /usr/src/linux-headers-*-$(dpkg --print-architecture 2>/dev/null || echo amd64); do
			AS_IF([test -f "$isle_dir/include/config/auto.conf"], [LINUX_DIRS="$LINUX_DIRS $isle_dir"])
		done
		# The running kernel's folder is often a link to one under /usr/src: name each release once.
		isle_seen=
		isle_once=
		for isle_dir in $LINUX_DIRS; do
			isle_release=$(cat "$isle_dir/include/config/kernel.release" 2>/dev/null)
			case " $isle_seen " in *" $isle_release "*) continue ;; esac
			isle_seen="$isle_seen $isle_release"
			isle_once="$isle_once $isle_dir"
		done
		LINUX_DIRS=$(echo $isle_once)
		AC_MSG_RESULT([${LINUX_DIRS:-none}])
		AS_IF([test -z "$LINUX_DIRS"], [AC_MSG_ERROR([no kernel headers found: install linux-headers-amd64,
 name their folder with --with-linux=DIR, or leave the module out with --disable-module])])
	], [
		for isle_dir in $(echo "$with_linux" | tr ',' ' '); do
			AS_IF([test -f "$isle_dir/include/config/auto.conf"], [],
				[AC_MSG_ERROR([$isle_dir holds no configured kernel headers (include/config/auto.conf is missing)])])
			LINUX_DIRS="$LINUX_DIRS $isle_dir"
		done
		LINUX_DIRS=$(echo $LINUX_DIRS)
	])
])
AC_SUBST([LINUX_DIRS])
AM_CONDITIONAL([BUILD_MODULE], [test -n "$LINUX_DIRS"])
])
