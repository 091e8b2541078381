// What the parts of the matrix product share: the tiled one for AVX-512, and the library's.
#ifndef DEPT_GEMM_H
#define DEPT_GEMM_H

#include "kernels.h"

/// Rows of 16 mask bits: how many 16-bit words a row of `width` bits takes.
static inline ptrdiff_t bit_words(ptrdiff_t width) { return (width + 15) / 16; }

/// Whether the processor has AVX-512, used or not.
bool dept_has_vectors(void);
/// Whether it has half-precision arithmetic (AVX512-FP16).
bool dept_has_halves(void);
/// Tiled products of one A; only where the processor has AVX-512.
void dept_tiled_products(const dept_product *products, ptrdiff_t count);
/// Whether a product has so few rows that reading B is all that takes time.
bool dept_takes_narrow(const dept_product *product);
/// The product of few rows: B is read once, in the order in which it lies in memory.
void dept_narrow_product(const dept_product *product);
/// Whether the matrix unit multiplies a narrow product: bfloat16 weights in whole tiles.
bool dept_takes_narrow_matrix(const dept_product *product);
/// A narrow product by the matrix unit.
void dept_narrow_matrix_product(const dept_product *product);
/// Whether a product's weights may be multiplied in half precision, 64 at a time.
bool dept_takes_halves(const dept_product *product);
/// Memory of the calling thread for copies of operands, at least `count` floats.
float *dept_product_scratch(size_t count);
/// The product by OpenBLAS, with separate passes for what the tiles do on the way.
void dept_library_product(const dept_product *product);

#endif
