package dev.turnout.worker.failover;

/** How it is found out that an LLM which failed can answer again. */
public enum Probe {
  /** The worker asks it for a few tokens, so that no client's request is at stake. */
  COMPLETION,
  /** The next request is the probe; until one comes, routers may send some. */
  REQUEST
}
