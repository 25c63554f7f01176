// An inspection as one JSON object, for programs.
import type { PortInspection, ServerInspection } from '../../smtp/index.ts';

/** The inspection with everything JSON has no form for in one it has. */
export function inspectionToJson(found: ServerInspection): Record<string, unknown> {
  return { ...found, ports: found.ports.map(portToJson) };
}

function portToJson({ capabilities, ...port }: PortInspection): Record<string, unknown> {
  if (!capabilities) return port;
  return { ...port, capabilities: { ...capabilities, raw: [...capabilities.raw] } };
}
