package dev.turnout.gateway.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.sse.ResponseWriter;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers requests with JSON that is not there yet, without a thread that waits for it. */
public final class Replies {

  private final Serving serving;

  /** Answers with what all requests share. */
  public Replies(Serving serving) {
    this.serving = serving;
  }

  /** An answer. */
  public record Reply(int status, JsonNode json) {}

  /** Answers when it is known how, or says why it is not. */
  public void when(Context context, Supplier<CompletableFuture<Reply>> answering) {
    context.future(
        () -> {
          ResponseWriter writer;
          try {
            writer =
                ResponseWriter.open(
                    context.req(), context.res(), serving.writers(), serving.streamBuffer());
          } catch (IOException failure) {
            return CompletableFuture.failedFuture(failure);
          }
          CompletableFuture<Void> unusedAnswered =
              asked(answering)
                  .handle(
                      (reply, failure) -> {
                        write(context, writer, reply, failure);
                        return null;
                      });
          return writer.done();
        });
  }

  private static CompletableFuture<Reply> asked(Supplier<CompletableFuture<Reply>> answering) {
    try {
      return answering.get();
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  private static void write(
      Context context, ResponseWriter writer, @Nullable Reply reply, @Nullable Throwable failure) {
    int status;
    JsonNode json;
    if (reply == null) {
      GatewayError error = Failures.of(failure);
      ErrorForm.retryAfter(context, error);
      status = error.status();
      json = ErrorForm.of(context).error(error);
    } else {
      status = reply.status();
      json = reply.json();
    }
    byte[] body = json.toString().getBytes(StandardCharsets.UTF_8);
    context.res().setStatus(status);
    context.res().setContentType("application/json");
    context.res().setContentLengthLong(body.length);
    writer.end(body);
  }

  /** Answers at once, with little. */
  public static void now(Context context, int status, JsonNode json) {
    context.status(status).contentType("application/json").result(json.toString());
  }
}
