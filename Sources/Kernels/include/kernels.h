// Kernels over raw float32 buffers: the layer that knows memory and threads but no tensor.
//
// Conventions. Matrices are row-major. `rows`/`width` count elements. Pointers never alias unless a
// comment allows it. Every kernel splits its work over the one thread pool of the process with a
// partition that is fixed, so the same thread count gives the same bits.
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
/// Runs `body` over `0..<count`, at least `grain` indices a part, several parts a thread; who runs
/// which is left to chance. Nested calls, and calls while another thread uses the pool, run the
/// same parts serially: the cuts depend on the arguments and the number of threads alone.
void dept_parallel(ptrdiff_t count, ptrdiff_t grain, dept_body body, void *context);

// MARK: Matrix products (gemm.c)

/// The element type of a product's right operand.
typedef enum { DEPT_FLOAT32, DEPT_BFLOAT16 } dept_element;

/// What happens to the elements of A on their way into a product.
typedef enum {
  DEPT_EDIT_NONE,
  /// Dropout, as `dept_dropout` has it: the backward of a product whose result was dropped.
  DEPT_EDIT_DROPOUT,
  /// Elements whose bit is not set become 0, the others are scaled: the backward of `DEPT_RELU`.
  DEPT_EDIT_BITS,
} dept_operand_edit;

/// What happens to a product on its way into memory.
typedef enum {
  /// `C = A·B`.
  DEPT_STORE,
  /// `C = C + A·B`.
  DEPT_ACCUMULATE,
  /// `C = residual + dropout(A·B)`.
  DEPT_RESIDUAL,
  /// `C = dropout(max(A·B, 0))`; `bits` receives which elements are left.
  DEPT_RELU,
} dept_epilogue;

/// A matrix product with what is fused into it. Row-major without gaps; `C` overlaps nothing.
typedef struct {
  /// `A` is `[m, k]` or, transposed, `[k, m]`; `B` is `[k, n]` or `[n, k]`; `C` is `[m, n]`.
  bool transpose_a, transpose_b;
  ptrdiff_t m, n, k;
  const float *a;
  /// A as bfloat16 numbers, not transposed, instead of `a`; only where `dept_keeps_bfloat16()`.
  const uint16_t *a_halves;
  const void *b;
  dept_element b_element;
  /// Where B is bfloat16: its largest magnitude is less than 2^(b_exponent + 1). Half precision is
  /// scaled by it.
  int b_exponent;
  /// Whether both operands are rounded to bfloat16; sums are float32 either way.
  bool rounding;
  float *c;
  /// C as bfloat16 numbers instead of `c`; only where `dept_keeps_bfloat16()`, for
  /// `k <= DEPT_DEEPEST_ROUNDED`, whose sum is never put down before it is whole, and with neither
  /// `DEPT_ACCUMULATE` nor `DEPT_RESIDUAL`.
  uint16_t *c_halves;
  /// Not with a transposed A.
  dept_operand_edit edit;
  float edit_dropout;
  uint64_t edit_key;
  /// Of A: `[m, ⌈k/16⌉]` words, the lowest bit first.
  const uint16_t *edit_bits;
  dept_epilogue epilogue;
  /// `[m, n]`; not `c`.
  const float *residual;
  float dropout;
  uint64_t key;
  /// `[m, ⌈n/16⌉]` words; may be null.
  uint16_t *bits;
} dept_product;

enum { DEPT_DEEPEST_ROUNDED = 2048 };

/// Multiplies two matrices.
void dept_multiply_matrices(const dept_product *product);
/// Multiplies one matrix A, with what happens to its elements, by several of one size and type: A
/// is copied into the order of tiles once for all.
void dept_multiply_by_each(const dept_product *products, ptrdiff_t count);

/// Each head's product with its own rows of a weight `[heads · head_width, width]` (heads.c).
typedef struct {
  ptrdiff_t rows, heads, head_width, width;
  const void *weight;
  dept_element element;
  /// As `b_exponent` of a product.
  int exponent;
} dept_head_product;

/// `y[row · heads + head, :] = x[row, head's columns] · W_head`.
void dept_expand_heads(const dept_head_product *product, const float *x, float *y);
/// `y[row, head's columns] = x[row · heads + head, :] · W_headᵀ`.
void dept_collapse_heads(const dept_head_product *product, const float *x, float *y);
/// Asks for pages of 2 MiB where they fit into a block without making it larger: products walk over
/// many pages, and small ones cost them a tenth of their speed.
void dept_use_large_pages(void *memory, ptrdiff_t bytes);
/// Takes what `count` products of the library at the same time need beside their operands, once and
/// for all.
void dept_take_gemm_buffers(int count);
/// Lets pages of a mapped file go. The memory must be a read-only mapping: what is in it is read
/// from the file again.
void dept_forget_pages(void *memory, ptrdiff_t bytes);
/// Gives freed memory that the allocator keeps back to the system, where that can be done.
void dept_trim_memory(void);
/// The name and build of the library that multiplies.
const char *dept_gemm_library(void);
/// Whether products and attention use our own AVX-512 kernels.
bool dept_vectors(void);
/// Whether the calling thread, and the pool in its loops, leaves them out whatever others do.
bool dept_prefers_library(void);
/// Says so, or that it does no longer; for tests, beside which others run.
void dept_prefer_library(bool preferred);
/// Ways to multiply bfloat16 operands. Their last bits differ: the instructions for bfloat16 add
/// the products of two neighbours along k before they reach the sum, and take numbers below 2^-126
/// as 0.
typedef enum {
  /// As float32 numbers.
  DEPT_WIDENED,
  /// As half-precision numbers (AVX512-FP16), 64 products to a float32 sum, where weights are
  /// stored as bfloat16 and have the range; other operands are widened.
  DEPT_HALVES,
  /// By the vector instruction for pairs of bfloat16 numbers (AVX512_BF16).
  DEPT_PAIRS,
  /// By the processor's matrix unit (AMX-BF16), which then multiplies float32 operands too: each as
  /// the sum of three bfloat16 numbers, as exactly as float32 products would. An infinite one gives
  /// NaN there.
  DEPT_MATRIX_UNIT,
} dept_bfloat16_way;
/// How the calling thread's bfloat16 products are multiplied. Whether the instructions for bfloat16
/// are fast differs by processor, so they are measured, once, when the first product of the kind
/// (or this) asks; where they are not, half precision multiplies if it is there.
dept_bfloat16_way dept_bfloat16_products(void);
/// Whether what lies between products may be kept as bfloat16 numbers: whether the instructions for
/// those multiply, so that an operand is rounded anyway and only ever read as such.
bool dept_keeps_bfloat16(void);
/// How many times as fast as float32 products an instruction for bfloat16 is here; 0 where the
/// processor does not have it.
double dept_bfloat16_gain(dept_bfloat16_way way);
/// For the calling thread, and the pool in its loops: a way, where the processor has it; -1: as
/// measured. For tests and comparisons, so that what one asks for changes no bit of another.
void dept_force_bfloat16(int way);
int dept_forced_bfloat16(void);
/// The processor whose kernels the library chose.
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

// MARK: Sigmoids (sigmoids.c)

/// `y = 1 / (1 + exp(−x))`.
void dept_sigmoid(ptrdiff_t count, const float *x, float *y);
/// From the result, not from the operand.
void dept_sigmoid_pull(ptrdiff_t count, const float *y, const float *dy, float *dx);
/// `y = tanh(x)`.
void dept_tanh(ptrdiff_t count, const float *x, float *y);
/// From the result, not from the operand.
void dept_tanh_pull(ptrdiff_t count, const float *y, const float *dy, float *dx);
/// `y = x / (1 + exp(−x))`.
void dept_silu(ptrdiff_t count, const float *x, float *y);
void dept_silu_pull(ptrdiff_t count, const float *x, const float *dy, float *dx);

// MARK: Softmax (softmax.c)

/// `y[i, j] = exp(x[i, j]) / Σ_l exp(x[i, l])`.
void dept_softmax(ptrdiff_t rows, ptrdiff_t width, const float *x, float *y);
/// `dx = y · (dy − Σ_j y·dy)`, from the result.
void dept_softmax_pull(
  ptrdiff_t rows, ptrdiff_t width, const float *y, const float *dy, float *dx);

// MARK: Scaling (scaling.c)

/// `y[i, :] = factors[i] · x[i, :]`.
void dept_scale_rows(
  ptrdiff_t rows, ptrdiff_t width, const float *x, const float *factors, float *y);
/// `dots[i] = Σ_j x[i, j] · y[i, j]`.
void dept_row_dots(ptrdiff_t rows, ptrdiff_t width, const float *x, const float *y, float *dots);
/// The sum of the products of all elements, accumulated in double precision.
double dept_dot(ptrdiff_t count, const float *x, const float *y);

// MARK: Transposing (transpose.c)

/// `y[j, i] = x[i, j]`.
void dept_transpose(ptrdiff_t rows, ptrdiff_t width, const float *x, float *y);

// MARK: Dropout (dropout.c)

/// `y = x / keep` where the counter-based mask of `key` keeps an element, else 0. Nothing is
/// stored: the same key gives the same mask again, which is all that backward needs.
void dept_dropout(
  ptrdiff_t rows, ptrdiff_t width, float probability, uint64_t key, const float *x, float *y);

/// The key whose masks begin where those of `key` are after so many rows of `width` elements; exact
/// where these are fewer than 2³³ elements.
uint64_t dept_dropout_key_after(ptrdiff_t rows, ptrdiff_t width, uint64_t key);

// MARK: Rows by index (rows.c)

/// `y[i, :] = table[index[i], :]`.
void dept_gather(
  ptrdiff_t count, ptrdiff_t width, const int32_t *index, const float *table, float *y);
/// The same from a bfloat16 table.
void dept_gather_bfloat16(
  ptrdiff_t count, ptrdiff_t width, const int32_t *index, const uint16_t *table, float *y);
/// The nearest bfloat16 numbers, ties to even.
void dept_round_bfloat16(ptrdiff_t count, const float *x, uint16_t *y);
/// The exponent of the largest magnitude among bfloat16 numbers: 2^e ≤ it < 2^(e + 1); 128 where
/// one is infinite or NaN, −127 where all are 0.
int dept_largest_exponent(ptrdiff_t count, const uint16_t *x);
/// bfloat16 numbers as float32.
void dept_widen_bfloat16(ptrdiff_t count, const uint16_t *x, float *y);
/// `y[i, :] = x[i, :] + table[index[i], :]`.
void dept_add_gathered(
  ptrdiff_t count, ptrdiff_t width, const int32_t *index, const float *x, const float *table,
  float *y);
/// `table[index[i], :] += x[i, :]`; rows of `table` are handled in the order of `i`.
void dept_scatter_add(
  ptrdiff_t count, ptrdiff_t width, const int32_t *index, const float *x, float *table);

// MARK: Sequences of rows (segments.c)

/// `y[s, j]` is the largest `x[i, j]` of the rows of sequence `s`, and `row[s, j]` the first `i` at
/// which it is. A NaN counts as largest. No sequence is empty.
void dept_segment_maximum(
  ptrdiff_t sequences, ptrdiff_t width, const int32_t *start, const int32_t *length,
  const float *x, float *y, int32_t *row);
/// `dx[row[s, j], j] = dy[s, j]`; `dx` must be zeroed.
void dept_segment_maximum_pull(
  ptrdiff_t sequences, ptrdiff_t width, const int32_t *row, const float *dy, float *dx);

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
  /// Whether a sequence's last query stands at its last key instead, wherever that is; not with a
  /// bias.
  bool ends_together;
  /// `bias[head · distances + (key − query) + zero]` is added to a score; null for none.
  const float *bias;
  ptrdiff_t distances, zero;
  /// Dropout of probabilities, stateless as in `dept_dropout`.
  float dropout;
  uint64_t key;
  /// How many query rows the masks of others come before those of the first row.
  ptrdiff_t dropout_row;
  /// Whether the operands of products are rounded to bfloat16, where the processor has an
  /// instruction for those that is faster; sums and softmax are float32 either way.
  bool rounding;
  /// The type of all rows, read and written; bfloat16 only where `dept_keeps_bfloat16()`, and with
  /// `rounding`. Sums over rows and softmax are float32 either way.
  dept_element element;
} dept_attention_shape;

/// `out = softmax(scale·Q Kᵀ + bias) V` per sequence and head. Rows are `heads · head_width` wide.
/// `log_sum` `[query rows, heads]` receives the rows' log-sum-exp.
void dept_attention(
  const dept_attention_shape *shape, const void *q, const void *k, const void *v, void *out,
  float *log_sum);
/// Gradients of `dept_attention`; probabilities are recomputed from `log_sum`. `dq`, `dk`, `dv` and
/// `dbias` may each be null, and `dk` may be `dv`, which then receives the sum; `dbias`
/// `[heads, distances]` must be zeroed. Where our own kernels multiply, `out` is not read.
void dept_attention_pull(
  const dept_attention_shape *shape, const void *q, const void *k, const void *v, const void *out,
  const float *log_sum, const void *dout, void *dq, void *dk, void *dv, float *dbias);

// MARK: Cross-entropy (crossentropy.c)

/// `log_sum[i] = log Σ_j exp(logits[i, j])`.
void dept_log_sum_exp(ptrdiff_t rows, ptrdiff_t width, const float *logits, float *log_sum);
/// `dlogits[i, :] = weight · (softmax(logits[i, :]) − onehot(target[i]))`.
void dept_cross_entropy_pull(
  ptrdiff_t rows, ptrdiff_t width, float weight, const float *logits, const float *log_sum,
  const int32_t *target, float *dlogits);

/// `loss[i] = −Σ_j q[i, j] · log p[i, j]` with `p = softmax(sharpness · logits)`,
/// `q = softmax(sharpness · targets)` (soft_crossentropy.c), and both rows' log-sum-exp, which
/// backward reads.
void dept_soft_cross_entropy(
  ptrdiff_t rows, ptrdiff_t width, float sharpness, const float *logits, const float *targets,
  float *loss, float *log_sum, float *target_log_sum);
/// `dlogits = weight · (p − q)`.
void dept_soft_cross_entropy_pull(
  ptrdiff_t rows, ptrdiff_t width, float sharpness, float weight, const float *logits,
  const float *log_sum, const float *targets, const float *target_log_sum, float *dlogits);

// MARK: Optimizer (adamw.c)

/// One AdamW step (arXiv 1711.05101) on one tensor, in place; `step` counts from 1.
void dept_adamw(
  ptrdiff_t count, float learning_rate, float beta1, float beta2, float epsilon,
  float weight_decay, int64_t step, float gradient_scale, const float *gradient, float *value,
  float *first, float *second);

#endif
