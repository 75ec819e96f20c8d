export interface Case {
  line: number;
  script: string;
  anyDiag: boolean;
  stdout: number[];
  stderr: number[];
  status: number;
}

export function parse(name: string, data: string): { name: string; files: [string, string][]; cases: Case[] };
export function unquote(quoted: string): number[];
