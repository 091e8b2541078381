// What the allocator keeps of freed memory, and the pages that memory lies on.
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "kernels.h"

#if defined(__linux__)
#include <sys/mman.h>

void dept_use_large_pages(void *memory, ptrdiff_t bytes) {
  const uintptr_t page = 1 << 21, start = ((uintptr_t)memory + page - 1) & ~(page - 1);
  const uintptr_t end = ((uintptr_t)memory + (uintptr_t)bytes) & ~(page - 1);
  // Advice: without it the memory is as good, only slower.
  if (end > start) (void)madvise((void *)start, end - start, MADV_HUGEPAGE);
}
#else
void dept_use_large_pages(void *memory, ptrdiff_t bytes) {
  (void)memory;
  (void)bytes;
}
#endif

#if defined(__GLIBC__)
#include <malloc.h>

void dept_trim_memory(void) { malloc_trim(0); }
#else
void dept_trim_memory(void) {}
#endif
