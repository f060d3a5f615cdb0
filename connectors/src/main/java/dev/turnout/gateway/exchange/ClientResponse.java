package dev.turnout.gateway.exchange;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.sse.ResponseWriter;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * The response to one request: status and headers go out with the first thing that is sent. Used
 * under its exchange's lock.
 */
final class ClientResponse {

  private final Context context;
  private final ResponseWriter writer;
  private boolean begun;
  private int status;

  /**
   * Takes over the response of a request that is in asynchronous mode.
   *
   * @param status counted if nothing is ever sent
   */
  ClientResponse(Context context, Serving serving, int status) throws IOException {
    this.context = context;
    this.status = status;
    this.writer =
        ResponseWriter.open(
            context.req(), context.res(), serving.writers(), serving.streamBuffer());
  }

  /** Completes when nothing more will be sent. */
  CompletableFuture<ResponseWriter.End> done() {
    return writer.done();
  }

  /** Ends it because its client is gone. */
  void clientLeft() {
    writer.clientLeft();
  }

  /** Whether something was sent, so that it is too late for another status. */
  boolean hasBegun() {
    return begun;
  }

  /** Whether everything that was sent is with the client. */
  boolean isIdle() {
    return writer.isIdle();
  }

  /** Status that was sent. */
  int status() {
    return status;
  }

  /** Says in headers who answers, if it is not too late for that. */
  void describe(String llm, String modelVersion, int attempt) {
    if (!begun) {
      context.res().setHeader("x-turnout-llm", llm);
      if (!modelVersion.isEmpty()) {
        context.res().setHeader("x-turnout-model-version", modelVersion);
      }
      context.res().setHeader("x-turnout-attempt", Integer.toString(attempt));
    }
  }

  /** Sends events. */
  void events(CharSequence events) {
    beginStream();
    writer.write(bytes(events));
  }

  /** Sends the last events. */
  void lastEvents(CharSequence events) {
    beginStream();
    writer.end(bytes(events));
  }

  private void beginStream() {
    if (!begun) {
      begun = true;
      status = 200;
      context.res().setStatus(200);
      context.res().setContentType("text/event-stream");
      context.res().setCharacterEncoding("utf-8");
      context.res().setHeader("Cache-Control", "no-cache");
      // proxies such as nginx would collect the pieces
      context.res().setHeader("X-Accel-Buffering", "no");
    }
  }

  /** Sends an error with its own status. */
  void error(GatewayError error, ObjectNode json) {
    ErrorForm.retryAfter(context, error);
    whole(error.status(), json);
  }

  /** Sends all there is to send. */
  void whole(int answerStatus, ObjectNode json) {
    begun = true;
    status = answerStatus;
    byte[] body = bytes(json.toString());
    context.res().setStatus(answerStatus);
    context.res().setContentType("application/json");
    context.res().setContentLengthLong(body.length);
    writer.end(body);
  }

  private static byte[] bytes(CharSequence text) {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
