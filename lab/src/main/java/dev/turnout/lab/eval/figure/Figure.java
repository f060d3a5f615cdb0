package dev.turnout.lab.eval.figure;

/** What is measured of a router. */
public enum Figure {
  /** Task average of the rewards of the highest ranked LLMs, percent. */
  ARGMAX("argmax"),
  /** Mean reward of the highest ranked LLMs, every query alike, percent. */
  ARGMAX_POOLED("argmax_pooled"),
  /** RouterBench's average improvement in quality, percent. */
  AIQ("aiq"),
  /** RouteLLM's average performance gap recovered between two LLMs, 1 = all. */
  APGR("apgr"),
  /** Least share of calls to the stronger LLM that recovers half of the gap, 0..1. */
  CPT50("cpt50"),
  /** Least share of calls to the stronger LLM that recovers 80 % of the gap, 0..1. */
  CPT80("cpt80"),
  /** Least cost of 95 % of the best single LLM's quality, as a share of its cost. */
  COST95("cost95"),
  /** Least cost of the best single LLM's quality, as a share of its cost. */
  COST100("cost100"),
  /** Logarithmic loss of predicted success, mean over the graded LLMs of a query, nats. */
  LOG_LOSS("log_loss");

  private final String key;

  Figure(String key) {
    this.key = key;
  }

  /** Name in JSON. */
  public String key() {
    return key;
  }
}
