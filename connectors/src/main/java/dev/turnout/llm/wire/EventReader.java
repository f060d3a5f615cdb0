package dev.turnout.llm.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Reads the server-sent events of one answer, in their order. Not thread-safe. */
public interface EventReader {

  /**
   * A piece of an answer.
   *
   * @param json of the type {@code chat.completion.chunk}
   * @param text the same as text
   */
  record Piece(ObjectNode json, String text) {

    /** A piece of our own making. */
    public static Piece of(ObjectNode json) {
      return new Piece(json, json.toString());
    }
  }

  /**
   * Reads one event that is no error.
   *
   * @param text what the event holds
   * @param data the same as JSON
   * @return its pieces; most events are one, some none
   */
  List<Piece> read(String text, ObjectNode data);

  /** Whether an event has said that the answer is whole. */
  boolean finished();
}
