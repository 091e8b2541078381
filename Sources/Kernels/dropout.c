#include "kernels.h"
#include "masks.h"

typedef struct {
  ptrdiff_t width;
  uint64_t key;
  uint32_t threshold;
  float scale;
  const float *x;
  float *y;
} operands;

VECTORIZED static void body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  const uint64_t key = o->key;
  const uint32_t threshold = o->threshold;
  const float scale = o->scale;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float *x = o->x + i * o->width;
    float *y = o->y + i * o->width;
    const uint64_t first = mask_row(i, o->width);
    ptrdiff_t j = 0;
    for (; j + 32 <= o->width; j += 32) {
      const uint64_t word = ((first + (uint64_t)j) >> 5) * 16;
      for (int e = 0; e < 16; e++) {
        const uint32_t bits = mask_word(key, word + (uint64_t)e);
        y[j + e] = (bits & 0xFFFF) >= threshold ? x[j + e] * scale : 0.0f;
        y[j + 16 + e] = bits >> 16 >= threshold ? x[j + 16 + e] * scale : 0.0f;
      }
    }
    for (; j < o->width; j++)
      y[j] = mask_keeps(key, first + (uint64_t)j, threshold) ? x[j] * scale : 0.0f;
  }
}

uint64_t dept_dropout_key_after(ptrdiff_t rows, ptrdiff_t width, uint64_t key) {
  return mask_key_after(key, mask_row(rows, width));
}

void dept_dropout(
  ptrdiff_t rows, ptrdiff_t width, float probability, uint64_t key, const float *x, float *y) {
  operands o = {width, key, mask_threshold(probability), 1.0f / (1.0f - probability), x, y};
  dept_parallel(rows, 1 + 8192 / width, body, &o);
}
