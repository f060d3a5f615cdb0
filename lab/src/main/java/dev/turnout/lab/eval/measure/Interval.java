package dev.turnout.lab.eval.measure;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * An estimate with a 95 % interval.
 *
 * @param estimate the point estimate
 * @param low 2.5 % quantile of the resamples
 * @param high 97.5 % quantile of the resamples
 */
public record Interval(
    @JsonProperty("difference") double estimate,
    @JsonProperty("low") double low,
    @JsonProperty("high") double high) {
  /** True when the whole interval is above zero. */
  public boolean positive() {
    return low > 0;
  }
}
