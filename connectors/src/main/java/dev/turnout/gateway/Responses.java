package dev.turnout.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.gateway.access.AccessException;
import dev.turnout.topic.LogText;
import io.javalin.http.Context;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes HTTP responses: JSON, and every failure as OpenAI's API reports errors. */
final class Responses {

  /** Type of an error that is not the client's doing. */
  static final String API_ERROR = "api_error";

  private static final Logger LOG = LoggerFactory.getLogger(Responses.class);

  private final GatewaySettings settings;

  Responses(GatewaySettings settings) {
    this.settings = settings;
  }

  /** Responds when a record is safe on its topic, or says why it is not. */
  void afterSending(Context context, Supplier<CompletableFuture<Void>> sending, Runnable response) {
    context.future(
        () ->
            sending
                .get()
                .handle(
                    (sent, failure) -> {
                      if (failure == null) {
                        response.run();
                      } else {
                        fail(context, failure);
                      }
                      return null;
                    }));
  }

  /** Tells the client what went wrong, and the log what is not the client's doing. */
  void fail(Context context, @Nullable Throwable failure) {
    @Nullable Throwable inner = failure == null ? null : failure.getCause();
    Throwable cause =
        failure instanceof CompletionException && inner != null
            ? inner
            : failure == null ? new IllegalStateException("no answer and no failure") : failure;
    if (cause instanceof GatewayError error) {
      refuse(context, error);
    } else if (cause instanceof AccessException error) {
      refuse(context, error);
    } else if (cause instanceof TimeoutException) {
      refuse(
          context,
          504,
          API_ERROR,
          "no answer within "
              + settings.timeout().toSeconds()
              + " s; the query may be on the dead-letter topic "
              + settings.topics().dlq()
              + ", or no worker serves its LLM");
    } else {
      LOG.atError()
          .setMessage("request failed")
          .addKeyValue("method", context.method())
          .addKeyValue("path", LogText.of(context.path()))
          .setCause(cause)
          .log();
      if (cause instanceof KafkaException) {
        refuse(context, 503, API_ERROR, "Kafka or the schema registry does not answer; try again");
      } else {
        refuse(context, 500, API_ERROR, "internal error");
      }
    }
  }

  static void refuse(Context context, GatewayError error) {
    String message = error.getMessage() == null ? "" : error.getMessage();
    write(context, error.status(), AnswerWriter.error(error.type(), error.code(), message));
  }

  static void refuse(Context context, AccessException error) {
    error.headers().forEach(context::header);
    String message = error.getMessage() == null ? "" : error.getMessage();
    refuse(context, new GatewayError(error.status(), error.type(), error.code(), message));
  }

  static void refuse(Context context, int status, String type, @Nullable String message) {
    refuse(context, new GatewayError(status, type, message == null ? "" : message));
  }

  static void write(Context context, int status, JsonNode json) {
    context.status(status).contentType("application/json").result(json.toString());
  }
}
