package dev.turnout.connect;

/** The version that Connect shows for Turnout's connectors. */
public final class ConnectorVersion {
  private ConnectorVersion() {}

  /** That of the jar; {@code dev} where classes come from no jar. */
  public static String text() {
    String version = ConnectorVersion.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
