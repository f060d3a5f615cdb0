package dev.turnout.app.role;

/** A role that has been started. */
public interface RunningRole extends AutoCloseable {

  /** How it is doing; cheap enough for a probe. */
  Health health();

  /** Finishes what is under way and stops. */
  @Override
  void close();
}
