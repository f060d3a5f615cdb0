package dev.turnout.lab.bench.encode;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What {@code bench encode} found. Rates are medians over the rounds; ratios are medians of the
 * ratios within each round, so that a machine that slows down between rounds does not bend them.
 *
 * @param ratioVsOnnxruntime best transformer to plain ONNX Runtime fp32
 * @param pytorchRatio PyTorch bf16 to plain ONNX Runtime fp32
 * @param staticRatio static encoder to the best transformer, tokenisation included
 * @param bestTransformer name of the fastest transformer
 * @param encoders one entry a contender
 * @param queries number of queries in a round
 * @param meanTokens WordPiece tokens of a query on average, specials included
 * @param rounds interleaved rounds measured
 * @param processors processors available to the process
 */
public record EncodeMeasurement(
    @JsonProperty("ratio_vs_onnxruntime") double ratioVsOnnxruntime,
    @JsonProperty("pytorch_ratio") double pytorchRatio,
    @JsonProperty("static_ratio") double staticRatio,
    @JsonProperty("best_transformer") String bestTransformer,
    @JsonProperty("encoders") List<Contender> encoders,
    @JsonProperty("queries") int queries,
    @JsonProperty("mean_tokens") double meanTokens,
    @JsonProperty("rounds") int rounds,
    @JsonProperty("processors") int processors) {

  /**
   * One encoder on one engine.
   *
   * @param name engine and width
   * @param id identity as stamped into models; empty for the yardstick
   * @param queriesPerSecond median over the rounds, tokenisation included
   * @param slowest lowest rate of a round
   * @param fastest highest rate of a round
   * @param smallestCosine to the yardstick's vectors, over all queries; NaN for the static encoder,
   *     whose vectors live elsewhere
   */
  public record Contender(
      @JsonProperty("name") String name,
      @JsonProperty("id") String id,
      @JsonProperty("queries_per_second") double queriesPerSecond,
      @JsonProperty("slowest") double slowest,
      @JsonProperty("fastest") double fastest,
      @JsonProperty("smallest_cosine") double smallestCosine) {}
}
