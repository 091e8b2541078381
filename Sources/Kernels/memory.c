// What the allocator keeps of freed memory.
#include "kernels.h"

#if defined(__GLIBC__)
#include <malloc.h>

void dept_trim_memory(void) { malloc_trim(0); }
#else
void dept_trim_memory(void) {}
#endif
