package dev.turnout.worker;

/** Fetches requests, hands them to the handler and reports the verdicts, until told to close. */
interface WorkerLoop extends Runnable, AutoCloseable {

  /** Asks the loop to end soon; does not wait. */
  @Override
  void close();
}
