// Kernels over raw float32 buffers: the layer that knows memory and threads but no tensor.
//
// Conventions. Matrices are row-major. `rows`/`width` count elements. Pointers never alias unless a
// comment allows it. Every kernel splits its work over the one thread pool of the process with a
// static partition, so the same thread count gives the same bits.
#ifndef DEPT_KERNELS_H
#define DEPT_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: Threads (pool.c)

/// The body of a parallel loop: handles the indices `begin..<end`; `worker` counts from 0.
typedef void (*dept_body)(void *context, ptrdiff_t begin, ptrdiff_t end, int worker);

/// Sets how many threads kernels use; at least 1. Call it before the first kernel, or between
/// kernels.
void dept_set_threads(int count);
/// How many threads kernels use.
int dept_threads(void);
/// Runs `body` over `0..<count`, at least `grain` indices a part. Nested calls, and calls while
/// another thread uses the pool, run the same parts serially: the cuts depend on the arguments and
/// the number of threads alone.
void dept_parallel(ptrdiff_t count, ptrdiff_t grain, dept_body body, void *context);

// MARK: Matrix products (gemm.c)

/// `C = A·B + beta·C`. `A` is `[m, k]` or, transposed, `[k, m]`; `B` is `[k, n]` or `[n, k]`.
void dept_gemm(
  bool transpose_a, bool transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a,
  const float *b, float beta, float *c);
/// Takes what `count` products at the same time need beside their operands, once and for all.
void dept_take_gemm_buffers(int count);
/// Gives freed memory that the allocator keeps back to the system, where that can be done.
void dept_trim_memory(void);
/// The name and build of the library that multiplies.
const char *dept_gemm_library(void);
/// The processor whose kernels it chose.
const char *dept_gemm_processor(void);

// MARK: Elementwise (elementwise.c)

/// `y = a + b`; `y` may be `a` or `b`.
void dept_add(ptrdiff_t count, const float *a, const float *b, float *y);
/// `y = a · b`.
void dept_multiply(ptrdiff_t count, const float *a, const float *b, float *y);
/// `y = factor · x`; `y` may be `x`.
void dept_scale(ptrdiff_t count, float factor, const float *x, float *y);
/// `y[i, :] = x[i, :] + row`.
void dept_add_row(ptrdiff_t rows, ptrdiff_t width, const float *x, const float *row, float *y);
/// `y[i, :] = x[i, :] · row`.
void dept_multiply_row(ptrdiff_t rows, ptrdiff_t width, const float *x, const float *row, float *y);
/// `sum[j] = Σ_i x[i, j]`.
void dept_sum_rows(ptrdiff_t rows, ptrdiff_t width, const float *x, float *sum);
/// `sum[j] = Σ_i x[i, j] · y[i, j]`.
void dept_sum_row_products(
  ptrdiff_t rows, ptrdiff_t width, const float *x, const float *y, float *sum);
/// The sum of all elements, accumulated in double precision.
double dept_sum(ptrdiff_t count, const float *x);
/// The sum of all squares, accumulated in double precision.
double dept_sum_squares(ptrdiff_t count, const float *x);

// MARK: Activations (activations.c)

/// `y = max(x, 0)`; `bits`, where not null, receives one bit an element: whether `x > 0`.
void dept_relu(ptrdiff_t count, const float *x, float *y, uint8_t *bits);
/// `dx = dy` where the bit is set, else 0.
void dept_relu_pull(ptrdiff_t count, const float *dy, const uint8_t *bits, float *dx);
/// GELU by the hyperbolic tangent ("gelu_new").
void dept_gelu_tanh(ptrdiff_t count, const float *x, float *y);
void dept_gelu_tanh_pull(ptrdiff_t count, const float *x, const float *dy, float *dx);
/// GELU by the error function.
void dept_gelu_erf(ptrdiff_t count, const float *x, float *y);
void dept_gelu_erf_pull(ptrdiff_t count, const float *x, const float *dy, float *dx);

// MARK: Dropout (dropout.c)

/// `y = x / keep` where the counter-based mask of `key` keeps an element, else 0. Nothing is
/// stored: the same key gives the same mask again, which is all that backward needs.
void dept_dropout(ptrdiff_t count, float probability, uint64_t key, const float *x, float *y);

// MARK: Rows by index (rows.c)

/// `y[i, :] = table[index[i], :]`.
void dept_gather(
  ptrdiff_t count, ptrdiff_t width, const int32_t *index, const float *table, float *y);
/// `y[i, :] = x[i, :] + table[index[i], :]`.
void dept_add_gathered(
  ptrdiff_t count, ptrdiff_t width, const int32_t *index, const float *x, const float *table,
  float *y);
/// `table[index[i], :] += x[i, :]`; rows of `table` are handled in the order of `i`.
void dept_scatter_add(
  ptrdiff_t count, ptrdiff_t width, const int32_t *index, const float *x, float *table);

// MARK: Norms (norms.c)

/// `y = x · rstd · weight`, `rstd[i] = 1/√(mean(x[i]²) + epsilon)` (RMSNorm, arXiv 1910.07467).
void dept_rms_norm(
  ptrdiff_t rows, ptrdiff_t width, float epsilon, const float *x, const float *weight, float *y,
  float *rstd);
/// Either gradient pointer may be null.
void dept_rms_norm_pull(
  ptrdiff_t rows, ptrdiff_t width, const float *x, const float *weight, const float *rstd,
  const float *dy, float *dx, float *dweight);
/// `y = (x − mean) · rstd · weight + bias` (arXiv 1607.06450).
void dept_layer_norm(
  ptrdiff_t rows, ptrdiff_t width, float epsilon, const float *x, const float *weight,
  const float *bias, float *y, float *mean, float *rstd);
void dept_layer_norm_pull(
  ptrdiff_t rows, ptrdiff_t width, const float *x, const float *weight, const float *mean,
  const float *rstd, const float *dy, float *dx, float *dweight, float *dbias);

// MARK: Attention (attention.c)

/// Which rows attend to which: sequence `s` has the queries `query_start[s] ..< + query_length[s]`
/// and the keys `key_start[s] ..< + key_length[s]`.
typedef struct {
  ptrdiff_t sequences;
  const int32_t *query_start, *query_length, *key_start, *key_length;
  ptrdiff_t heads, head_width;
  /// Scores are multiplied by this.
  float scale;
  bool causal;
  /// The position of a sequence's first query; keys start at position 0.
  ptrdiff_t query_position;
  /// `bias[head · distances + (key − query) + zero]` is added to a score; null for none.
  const float *bias;
  ptrdiff_t distances, zero;
  /// Dropout of probabilities, stateless as in `dept_dropout`.
  float dropout;
  uint64_t key;
} dept_attention_shape;

/// `out = softmax(scale·Q Kᵀ + bias) V` per sequence and head. Rows are `heads · head_width` wide.
/// `log_sum` `[query rows, heads]` receives the rows' log-sum-exp.
void dept_attention(
  const dept_attention_shape *shape, const float *q, const float *k, const float *v, float *out,
  float *log_sum);
/// Gradients of `dept_attention`; probabilities are recomputed from `log_sum`. `dq`, `dk`, `dv` and
/// `dbias` may each be null; `dbias` `[heads, distances]` must be zeroed.
void dept_attention_pull(
  const dept_attention_shape *shape, const float *q, const float *k, const float *v,
  const float *out, const float *log_sum, const float *dout, float *dq, float *dk, float *dv,
  float *dbias);

// MARK: Cross-entropy (crossentropy.c)

/// `log_sum[i] = log Σ_j exp(logits[i, j])`.
void dept_log_sum_exp(ptrdiff_t rows, ptrdiff_t width, const float *logits, float *log_sum);
/// `dlogits[i, :] = weight · (softmax(logits[i, :]) − onehot(target[i]))`.
void dept_cross_entropy_pull(
  ptrdiff_t rows, ptrdiff_t width, float weight, const float *logits, const float *log_sum,
  const int32_t *target, float *dlogits);

// MARK: Optimizer (adamw.c)

/// One AdamW step (arXiv 1711.05101) on one tensor, in place; `step` counts from 1.
void dept_adamw(
  ptrdiff_t count, float learning_rate, float beta1, float beta2, float epsilon,
  float weight_decay, int64_t step, float gradient_scale, const float *gradient, float *value,
  float *first, float *second);

#endif
