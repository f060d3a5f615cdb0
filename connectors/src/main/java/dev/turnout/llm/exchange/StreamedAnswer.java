package dev.turnout.llm.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.llm.ChunkListener;
import dev.turnout.llm.LlmException;
import dev.turnout.llm.failure.ErrorBody;
import dev.turnout.llm.failure.LlmFailures;
import dev.turnout.llm.wire.ChatAssembler;
import dev.turnout.llm.wire.ChatJson;
import dev.turnout.llm.wire.EventReader;
import dev.turnout.llm.wire.EventReader.Piece;
import dev.turnout.topic.FieldLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One answer while it streams: hands its pieces on as they come and puts them together.
 *
 * <p>Pieces that say nothing yet, such as the role with which most servers begin, wait for the
 * first that says something and go with it. So what breaks before the first token can still be
 * asked again, here or of another LLM, and nobody has seen anything.
 *
 * <p>After the future is complete no piece is handed on any more.
 */
public final class StreamedAnswer implements EventListener {

  private static final String LAST_EVENT = "[DONE]";
  private static final int MOST_HELD = 100;

  private final CompletableFuture<Answered> whole = new CompletableFuture<>();
  private final List<String> held = new ArrayList<>();
  private final ChatAssembler assembler = new ChatAssembler(FieldLimits.RESPONSE);
  private final LlmFailures failures;
  private final EventReader reader;
  private final ChunkListener listener;
  private final Runnable onFirst;
  private final long startNanos;
  private volatile long aliveNanos;
  private volatile boolean begun;
  private @Nullable Duration firstToken;
  private boolean closed;

  /**
   * A whole answer.
   *
   * @param json of the type {@code chat.completion}
   * @param text the same as text
   * @param latency from request to the end of the answer
   * @param firstToken from request to the first piece that says something; null without pieces
   */
  public record Answered(
      ObjectNode json, String text, Duration latency, @Nullable Duration firstToken) {}

  /**
   * An answer of which nothing has come.
   *
   * @param onFirst called once, before the first piece is handed on
   */
  public StreamedAnswer(
      LlmFailures failures, EventReader reader, ChunkListener listener, Runnable onFirst) {
    this.failures = failures;
    this.reader = reader;
    this.listener = listener;
    this.onFirst = onFirst;
    this.startNanos = System.nanoTime();
    this.aliveNanos = startNanos;
  }

  /** Complete when the answer is whole, or failed with an {@link LlmException} or what broke it. */
  CompletableFuture<Answered> whole() {
    return whole;
  }

  /** When something last came, as {@link System#nanoTime}. */
  long aliveNanos() {
    return aliveNanos;
  }

  /** Whether an event has come; before, the LLM may still be reading the prompt. */
  boolean begun() {
    return begun;
  }

  @Override
  public void alive() {
    aliveNanos = System.nanoTime();
  }

  @Override
  public void event(String name, String data) {
    Answered answered = null;
    begun = true;
    synchronized (this) {
      if (closed) {
        return;
      }
      if (data.strip().equals(LAST_EVENT)) {
        answered = finish();
      } else {
        ObjectNode json = ChatJson.object(data);
        if (json == null) {
          // some gateways say in plain words what went wrong
          throw failures.of(
              LlmException.Kind.TRANSIENT,
              "the stream broke off: an event is no JSON",
              "an event is no JSON: " + LlmFailures.quote(data),
              null);
        }
        ErrorBody error = ErrorBody.within(json);
        if (error != null) {
          throw failures.refused(error.impliedStatus(), data, error, null, true);
        }
        reader.read(data, json).forEach(this::add);
        answered = reader.finished() ? finish() : null;
      }
    }
    if (answered != null) {
      whole.complete(answered);
    }
  }

  private void add(Piece piece) {
    assembler.add(piece.json());
    if (firstToken != null) {
      listener.chunk(piece.text());
      return;
    }
    held.add(piece.text());
    if (saysSomething(piece.json()) || held.size() > MOST_HELD) {
      firstToken = Duration.ofNanos(System.nanoTime() - startNanos);
      onFirst.run();
      flush();
    }
  }

  private void flush() {
    held.forEach(listener::chunk);
    held.clear();
  }

  private static boolean saysSomething(ObjectNode chunk) {
    for (JsonNode choice : chunk.path("choices")) {
      if (choice.hasNonNull("finish_reason")) {
        return true;
      }
      for (Map.Entry<String, JsonNode> field : choice.path("delta").properties()) {
        JsonNode value = field.getValue();
        boolean empty =
            value.isNull()
                || (value.isTextual() && value.textValue().isEmpty())
                || (value.isContainerNode() && value.isEmpty());
        if (!empty && !field.getKey().equals("role")) {
          return true;
        }
      }
    }
    return false;
  }

  private Answered finish() {
    if (assembler.isEmpty()) {
      throw brokenOff("it ended before it began");
    }
    closed = true;
    if (!held.isEmpty()) {
      onFirst.run();
      flush();
    }
    ObjectNode answer = assembler.answer();
    return new Answered(
        answer, answer.toString(), Duration.ofNanos(System.nanoTime() - startNanos), firstToken);
  }

  /** Servers that send no {@code [DONE]} say at least why each choice ended. */
  @Override
  public void end() {
    Answered answered;
    synchronized (this) {
      if (closed) {
        return;
      }
      if (!assembler.ended()) {
        throw brokenOff("it ended without finish_reason and [DONE]");
      }
      answered = finish();
    }
    whole.complete(answered);
  }

  private LlmException brokenOff(String why) {
    return failures.of(LlmException.Kind.TRANSIENT, "the stream broke off: " + why, why, null);
  }

  @Override
  public void failure(Throwable failure) {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    whole.completeExceptionally(failure);
  }
}
