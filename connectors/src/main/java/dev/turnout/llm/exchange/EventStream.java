package dev.turnout.llm.exchange;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events (WHATWG HTML, "Server-sent events") line by line as their bytes come. A
 * line and the whole are bounded; beyond a bound, or when the listener throws, the connection is
 * given up. More lenient than the standard in two things that servers get wrong: the last event
 * need not end with an empty line, and a line that is a JSON object by itself is data.
 *
 * <p>The body is empty text; what there is goes to the listener, by one thread at a time.
 */
final class EventStream implements BodySubscriber<String> {

  private final CompletableFuture<String> body = new CompletableFuture<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder data = new StringBuilder();
  private final EventListener listener;
  private final int longestLine;
  private final long largest;
  private Flow.@Nullable Subscription subscription;
  private String name = "";
  private boolean hasData;
  private boolean afterReturn;
  private long received;
  private boolean ended;

  /**
   * A reader.
   *
   * @param longestLine also of the data of one event, in bytes
   * @param largest the whole stream, in bytes
   */
  EventStream(EventListener listener, int longestLine, long largest) {
    this.listener = listener;
    this.longestLine = longestLine;
    this.largest = largest;
  }

  @Override
  public CompletionStage<String> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    if (ended) {
      return;
    }
    try {
      listener.alive();
      for (ByteBuffer buffer : buffers) {
        received += buffer.remaining();
        if (received > largest) {
          throw new ResponseTooLargeException("the stream", largest);
        }
        read(buffer);
      }
    } catch (Exception | Error failure) {
      giveUp(failure);
    }
  }

  private void read(ByteBuffer buffer) throws ResponseTooLargeException {
    while (buffer.hasRemaining()) {
      byte next = buffer.get();
      if (next == '\n' && afterReturn) {
        afterReturn = false;
        continue;
      }
      afterReturn = next == '\r';
      if (next == '\n' || next == '\r') {
        line(line.toString(StandardCharsets.UTF_8));
        line.reset();
      } else if (line.size() >= longestLine) {
        throw new ResponseTooLargeException("a line of the stream", longestLine);
      } else {
        line.write(next);
      }
    }
  }

  private void line(String text) throws ResponseTooLargeException {
    String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
    if (plain.isEmpty()) {
      dispatch();
    } else if (plain.startsWith("{")) {
      dispatch();
      append(plain);
      dispatch();
    } else if (plain.charAt(0) != ':') {
      int colon = plain.indexOf(':');
      String field = colon < 0 ? plain : plain.substring(0, colon);
      String value = colon < 0 ? "" : plain.substring(colon + 1);
      value = value.startsWith(" ") ? value.substring(1) : value;
      switch (field) {
        case "data" -> append(value);
        case "event" -> name = value;
        default -> {}
      }
    }
  }

  private void append(String value) throws ResponseTooLargeException {
    if (hasData) {
      data.append('\n');
    }
    hasData = true;
    data.append(value);
    if (data.length() > longestLine) {
      throw new ResponseTooLargeException("an event of the stream", longestLine);
    }
  }

  private void dispatch() {
    if (hasData) {
      String whole = data.toString();
      String called = name;
      data.setLength(0);
      hasData = false;
      name = "";
      listener.event(called, whole);
    } else {
      name = "";
    }
  }

  private void giveUp(Throwable failure) {
    ended = true;
    if (subscription != null) {
      subscription.cancel();
    }
    listener.failure(failure);
    body.complete("");
  }

  @Override
  public void onError(Throwable failure) {
    if (!ended) {
      ended = true;
      listener.failure(failure);
      body.complete("");
    }
  }

  @Override
  public void onComplete() {
    if (ended) {
      return;
    }
    try {
      if (line.size() > 0) {
        line(line.toString(StandardCharsets.UTF_8));
      }
      dispatch();
      ended = true;
      listener.end();
      body.complete("");
    } catch (Exception | Error failure) {
      giveUp(failure);
    }
  }
}
