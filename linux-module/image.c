// SPDX-License-Identifier: GPL-2.0
/*
 * image.c - reads an isle kernel image from a file that may be trusted with a bare core.
 *
 * What an image must look like is abi/isle/image.h's to decide; here is where it may come from.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

#include "isle.h"

/*
 * Who can change the file can do anything to the machine. So it is held to what makes a
 * set-uid-root program work: the real owner is root, nobody else may write (an ACL that lets
 * others write shows in the group's bit), and the mount is one on which set-uid counts.
 */
static const char *distrust(struct file *file)
{
	struct inode *inode = file_inode(file);

	if (!uid_eq(inode->i_uid, GLOBAL_ROOT_UID))
		return "it is not owned by root";
	if (inode->i_mode & 0022)
		return "others than root may write to it";
	if (file->f_path.mnt->mnt_flags & MNT_NOSUID)
		return "it lies on a nosuid mount";
	if (inode->i_sb->s_user_ns != &init_user_ns)
		return "it lies on a mount of a user namespace";
	return NULL;
}

static int check_file(struct isle_call *call, struct file *file)
{
	const char *reason;

	if (!(file->f_mode & FMODE_READ))
		return isle_fail(call, -EBADF, "the image is not open for reading");
	if (!S_ISREG(file_inode(file)->i_mode))
		return isle_fail(call, -EINVAL, "the image is not a regular file");
	if (capable(CAP_SYS_ADMIN))
		return 0;
	reason = distrust(file);
	if (reason)
		return isle_fail(call, -EACCES,
				 "the image is refused: %s; it would run with all rights of the "
				 "machine, so install it as root with mode 0644",
				 reason);
	return 0;
}

static int read_whole(struct isle_call *call, struct file *file, struct isle_image_copy *copy)
{
	loff_t pos = 0;
	ssize_t n;

	copy->bytes = kvmalloc(copy->size + 1, GFP_KERNEL);
	if (!copy->bytes)
		return isle_fail(call, -ENOMEM, "no memory for a copy of the image (%llu KiB)",
				 copy->size >> 10);
	while (pos < copy->size) {
		n = kernel_read(file, copy->bytes + pos, copy->size - pos, &pos);
		if (n < 0)
			return isle_fail(call, n, "the image cannot be read");
		if (n == 0)
			break;
	}
	copy->size = pos;
	return 0;
}

int isle_image_get(struct isle_call *call, int fd, struct isle_image_copy *copy)
{
	struct file *file = fget(fd);
	const char *why = NULL;
	int err;

	copy->bytes = NULL;
	if (!file)
		return isle_fail(call, -EBADF, "image_fd %d is not an open file", fd);
	err = check_file(call, file);
	if (!err) {
		copy->size = max_t(loff_t, i_size_read(file_inode(file)), 0);
		/* Of a file that is too large the check reads nothing. */
		if (copy->size <= ISLE_IMAGE_FILE_MAX)
			err = read_whole(call, file, copy);
	}
	fput(file);
	if (!err)
		why = isle_image_check(copy->bytes, copy->size, ISLE_PLAT_MULTI, &copy->img);
	if (why)
		err = isle_fail(call, -ENOEXEC,
				"this is not an isle kernel that can be loaded: %s", why);
	if (err)
		isle_image_drop(copy);
	return err;
}

void isle_image_drop(struct isle_image_copy *copy)
{
	kvfree(copy->bytes);
	copy->bytes = NULL;
}

void isle_image_place(const struct isle_image_copy *copy, u8 *to)
{
	const struct isle_image *img = &copy->img;
	u32 i;

	for (i = 0; i < img->nr_segments; i++)
		memcpy(to + img->segment[i].ipa, copy->bytes + img->segment[i].file_off,
		       img->segment[i].file_size);
}
