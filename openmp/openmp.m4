# SPDX-License-Identifier: MIT
# openmp.m4 - what the OpenMP tool and its tests are built from; both are left out where it is missing.
#
# ISLE_OPENMP sets
#   OMPT_CPPFLAGS  where omp-tools.h is: clang keeps it beside headers of its own that gcc must not see first, hence
#                  -idirafter; --with-omp-tools=DIR names another folder
#   LIBOMP_LIBS    how to link to LLVM's runtime
#   OPENMP_CFLAGS  how to compile OpenMP
#   OMPT_MISSING   what is missing, one sentence, or nothing
# and the conditionals HAVE_OMPT (the tool is built), HAVE_LIBOMP (programs for its tests are).
AC_DEFUN([ISLE_OPENMP], [
AC_REQUIRE([AC_PROG_CC])
AC_ARG_WITH([omp-tools],
	[AS_HELP_STRING([--with-omp-tools=DIR], [folder of omp-tools.h (default: asks clang); no: leave the OpenMP tool out])],
	[], [with_omp_tools=check])
OMPT_MISSING=
OMPT_CPPFLAGS=
isle_ompt=no
isle_libomp=no
AS_IF([test "$with_omp_tools" = no], [OMPT_MISSING="left out by --without-omp-tools"], [
	AS_CASE([$with_omp_tools],
		[yes|check], [AS_IF([test -n "$CLANG"], [isle_dir=`"$CLANG" -print-resource-dir`/include], [isle_dir=])],
		[isle_dir=$with_omp_tools])
	AS_IF([test -n "$isle_dir"], [OMPT_CPPFLAGS="-idirafter $isle_dir"])
	isle_saved=$CPPFLAGS
	CPPFLAGS="$CPPFLAGS $OMPT_CPPFLAGS"
	AC_CHECK_HEADER([omp-tools.h], [isle_ompt=yes],
		[OMPT_MISSING="omp-tools.h is missing: install libomp-dev, or use --with-omp-tools=DIR"])
	CPPFLAGS=$isle_saved
	AS_IF([test "$isle_ompt$with_omp_tools" != noyes], [],
		[AC_MSG_ERROR([$OMPT_MISSING])])
])
AC_OPENMP
AC_SUBST([OPENMP_CFLAGS])
LIBOMP_LIBS=-lomp
AS_IF([test -n "$CLANG"], [
	isle_dir=`"$CLANG" -print-resource-dir`/../..
	AS_IF([test -e "$isle_dir/libomp.so"],
		[isle_dir=`cd "$isle_dir" && pwd -P`
		 LIBOMP_LIBS="-L$isle_dir -Wl,-rpath,$isle_dir -lomp"])])
AC_MSG_CHECKING([for LLVM's OpenMP runtime])
isle_saved=$LIBS
LIBS="$LIBOMP_LIBS $LIBS"
AC_LINK_IFELSE([AC_LANG_PROGRAM([[int omp_get_max_threads(void);]], [[return omp_get_max_threads() < 1;]])],
	[isle_libomp=yes])
LIBS=$isle_saved
AC_MSG_RESULT([$isle_libomp])
AS_IF([test "$isle_libomp" = no && test -z "$OMPT_MISSING"],
	[OMPT_MISSING="libomp is missing: install libomp-dev"])
AC_SUBST([OMPT_CPPFLAGS])
AC_SUBST([LIBOMP_LIBS])
AC_SUBST([OMPT_MISSING])
AM_CONDITIONAL([HAVE_OMPT], [test "$isle_ompt" = yes])
AM_CONDITIONAL([HAVE_LIBOMP], [test "$isle_ompt$isle_libomp" = yesyes])
])
