package dev.turnout.gateway.exchange;

import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.access.AccessException;
import dev.turnout.gateway.chat.ChatDialect;
import dev.turnout.gateway.dialect.ClientDialect;
import dev.turnout.gateway.messages.MessagesDialect;
import io.javalin.http.Context;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Writes errors as the API that was called reports them. */
public final class ErrorForm {
  private static final ClientDialect OPENAI = new ChatDialect();
  private static final ClientDialect ANTHROPIC = new MessagesDialect();

  private ErrorForm() {}

  /** The API whose errors a client of this request understands. */
  static ClientDialect of(Context context) {
    return isAnthropic(context) ? ANTHROPIC : OPENAI;
  }

  /** Whether a request comes from a client of Anthropic's API. */
  public static boolean isAnthropic(Context context) {
    return context.path().startsWith("/v1/messages") || context.header("anthropic-version") != null;
  }

  /** Answers with an error at once. */
  public static void write(Context context, GatewayError error) {
    retryAfter(context, error);
    context
        .status(error.status())
        .contentType("application/json")
        .result(of(context).error(error).toString());
  }

  /** Answers with what was thrown. */
  public static void write(Context context, Throwable failure) {
    if (failure instanceof AccessException refused) {
      refused.headers().forEach((name, value) -> context.res().setHeader(name, value));
    }
    write(context, Failures.of(failure));
  }

  static void retryAfter(Context context, GatewayError error) {
    @Nullable Duration wait = error.retryAfter();
    if (wait != null) {
      // whole seconds, rather too many than too few
      long seconds = Math.max(1, (wait.toMillis() + 999) / 1000);
      context.res().setHeader("Retry-After", Long.toString(seconds));
    }
  }
}
