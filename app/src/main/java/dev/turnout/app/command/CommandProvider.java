package dev.turnout.app.command;

import java.util.List;

/** Commands that another module brings along; found by {@link java.util.ServiceLoader}. */
public interface CommandProvider {

  /** New instances of classes annotated as picocli commands. */
  List<Object> commands();
}
