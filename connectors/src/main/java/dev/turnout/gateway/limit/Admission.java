package dev.turnout.gateway.limit;

/** Whether a request may go on. */
public sealed interface Admission {

  /** It may, as long as it holds the lease. */
  record Granted(Lease lease) implements Admission {}

  /** It may not. */
  record Refused(Exceeded why) implements Admission {}
}
