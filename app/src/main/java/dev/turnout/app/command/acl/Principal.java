package dev.turnout.app.command.acl;

import dev.turnout.access.Grant;
import java.util.List;

/**
 * Who is granted what.
 *
 * @param name as Kafka calls it, e.g. {@code User:router}
 * @param purpose what it is for, in words
 */
record Principal(String name, String purpose, List<Grant> grants) {

  private static final String USER = "User:";

  /** Checks that the name says of which type it is. */
  Principal {
    if (!name.matches("\\w+:.+")) {
      throw new IllegalArgumentException(
          "principal \"" + name + "\" has no type before its name; write e.g. User:router");
    }
    grants = List.copyOf(grants);
  }

  /** The name without its type. */
  String user() {
    return name.startsWith(USER) ? name.substring(USER.length()) : name;
  }
}
