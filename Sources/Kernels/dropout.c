#include "kernels.h"
#include "vectorized.h"

typedef struct {
  uint64_t key;
  uint32_t threshold;
  float keep;
  const float *x;
  float *y;
} operands;

VECTORIZED static void body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  const uint64_t key = o->key;
  const uint32_t threshold = o->threshold;
  const float keep = o->keep;
  const float *x = o->x;
  float *y = o->y;
  for (ptrdiff_t i = begin; i < end; i++)
    y[i] = mask_bits(key, (uint64_t)i) >= threshold ? x[i] * keep : 0.0f;
}

void dept_dropout(ptrdiff_t count, float probability, uint64_t key, const float *x, float *y) {
  operands o = {key, drop_threshold(probability), 1.0f / (1.0f - probability), x, y};
  dept_parallel(count, 8192, body, &o);
}
