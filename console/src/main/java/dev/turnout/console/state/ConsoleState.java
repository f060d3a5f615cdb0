package dev.turnout.console.state;

/** What pages can ask; every answer is of one moment, and none of them waits. */
public interface ConsoleState {}
