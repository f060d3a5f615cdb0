package dev.turnout.access;

import java.util.Locale;

/** Who uses an installation, each with rights of its own. */
public enum Role {
  /** Routers and the budget ledger beside them. */
  ROUTER,
  /** Learners. */
  LEARNER,
  /** Workers of an LLM. */
  WORKER,
  /** Graders. */
  GRADER,
  /** Gateways. */
  GATEWAY,
  /** Consoles. */
  CONSOLE,
  /** People with the commands topics, llms, models, tenants, keys, query and check. */
  OPERATOR,
  /** An application that sends queries. */
  PRODUCER,
  /** An application that sends grades. */
  FEEDBACK,
  /** What makes more routers and graders of a lag, e.g. KEDA. */
  AUTOSCALER,
  /** Connectors of Kafka Connect that bring queries and grades. */
  CONNECT_SOURCE,
  /** Connectors of Kafka Connect that write decisions, outcomes and grades elsewhere. */
  CONNECT_SINK;

  /** Its name in commands, e.g. {@code connect-sink}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
