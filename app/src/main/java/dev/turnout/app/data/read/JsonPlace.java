package dev.turnout.app.data.read;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;

/** Where in a file JSON cannot be read, in words; not every problem has a place. */
final class JsonPlace {
  private JsonPlace() {}

  /** Line and column, e.g. {@code " line 3 column 7"}; empty if the problem has none. */
  static String of(JsonProcessingException problem) {
    JsonLocation place = problem.getLocation();
    return place == null ? "" : " line " + place.getLineNr() + " column " + place.getColumnNr();
  }

  /** The column alone, for a file whose line is known, e.g. {@code " column 7"}. */
  static String column(JsonProcessingException problem) {
    JsonLocation place = problem.getLocation();
    return place == null ? "" : " column " + place.getColumnNr();
  }
}
