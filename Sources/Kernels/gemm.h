// What the parts of the matrix product share: the tiled one for AVX-512, and the library's.
#ifndef DEPT_GEMM_H
#define DEPT_GEMM_H

#include "kernels.h"

/// Rows of 16 mask bits: how many 16-bit words a row of `width` bits takes.
static inline ptrdiff_t bit_words(ptrdiff_t width) { return (width + 15) / 16; }

/// The tiled product; only where the processor has AVX-512.
void dept_tiled_product(const dept_product *product);
/// The product by OpenBLAS, with separate passes for what the tiles do on the way.
void dept_library_product(const dept_product *product);

#endif
