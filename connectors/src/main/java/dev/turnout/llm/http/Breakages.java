package dev.turnout.llm.http;

import dev.turnout.llm.LlmException;
import dev.turnout.llm.LlmException.Kind;
import dev.turnout.llm.exchange.ResponseTooLargeException;
import dev.turnout.llm.failure.LlmFailures;
import dev.turnout.llm.wire.ChatAssembler;
import java.io.IOException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import org.jspecify.annotations.Nullable;

/** Tells what broke an exchange with a server. */
final class Breakages {

  private Breakages() {}

  /** What it means for the request. */
  static LlmException of(LlmFailures failures, @Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof LlmException known) {
        return known;
      }
      if (cause instanceof ResponseTooLargeException
          || cause instanceof ChatAssembler.TooLongException) {
        return failures.of(
            Kind.REJECTED,
            cause.getMessage() + "; limit the length of its answers",
            String.valueOf(cause.getMessage()),
            failure);
      }
    }
    String details = String.valueOf(failure);
    if (failure instanceof HttpTimeoutException
        && !(failure instanceof HttpConnectTimeoutException)) {
      return failures.of(Kind.TIMED_OUT, "no answer in time", details, failure);
    }
    return failure instanceof IOException
        ? failures.of(Kind.TRANSIENT, "not reachable, or the connection broke", details, failure)
        : failures.of(
            Kind.MISCONFIGURED, "it cannot be asked; check the base URL", details, failure);
  }
}
