// statfs(2), which Swift's Glibc module leaves out.
#pragma once
#include <sys/vfs.h>
