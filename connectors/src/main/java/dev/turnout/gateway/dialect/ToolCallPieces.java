package dev.turnout.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Calls of tools as they come in pieces, by their index. The first piece of a call has its id and
 * name, the others have more of its arguments; pieces of several calls may alternate. Not safe for
 * use by several threads.
 */
public final class ToolCallPieces {

  private final SortedMap<Integer, Call> calls = new TreeMap<>();

  /** A call so far. */
  public static final class Call {
    private final int index;
    private String id = "";
    private final StringBuilder name = new StringBuilder();
    private final StringBuilder arguments = new StringBuilder();

    private Call(int index) {
      this.index = index;
    }

    /** Its place among the calls, from 0. */
    public int index() {
      return index;
    }

    /** Id by which the result refers to it. */
    public String id() {
      return id.isEmpty() ? "call_" + index : id;
    }

    /** The tool; empty until it is known. */
    public String name() {
      return name.toString();
    }

    /** JSON so far. */
    public String arguments() {
      return arguments.toString();
    }

    /** The JSON behind so many characters. */
    public String argumentsFrom(int start) {
      return arguments.substring(start);
    }

    /** Characters of JSON so far. */
    public int length() {
      return arguments.length();
    }
  }

  /** Adds one element of a chunk's {@code delta.tool_calls}; returns its call. */
  public Call add(JsonNode piece) {
    Call call = calls.computeIfAbsent(piece.path("index").asInt(0), Call::new);
    if (call.id.isEmpty()) {
      call.id = piece.path("id").asText("");
    }
    call.name.append(piece.path("function").path("name").asText(""));
    call.arguments.append(piece.path("function").path("arguments").asText(""));
    return call;
  }

  /** All calls so far, by their index. */
  public Iterable<Call> all() {
    return calls.values();
  }
}
