import ts from 'typescript';
import { textOf } from './source-files.js';

/** A field of a class as it is written. */
export interface WrittenField {
  name: string;
  comment: string;
  /** Whether its default is put together when the process starts, so that no text can show it. */
  madeAtStart: boolean;
}

/** What the source of a file says in doc comments, in the order of the file. */
export interface DocComments {
  /** Over exported classes and constants, by name. */
  declarations: Map<string, string>;
  /** The fields of its classes, by the class's name. */
  fields: Map<string, WrittenField[]>;
}

export function docCommentsOf(file: string): DocComments {
  const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.ES2023, true);
  const comments: DocComments = { declarations: new Map(), fields: new Map() };
  for (const statement of source.statements) {
    if (ts.isClassDeclaration(statement) && statement.name) {
      comments.declarations.set(statement.name.text, commentOver(statement));
      comments.fields.set(statement.name.text, statement.members.filter(ts.isPropertyDeclaration).map(fieldOf));
    } else if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) {
        comments.declarations.set(name.getText(), commentOver(statement));
      }
    }
  }
  return comments;
}

const fieldOf = (field: ts.PropertyDeclaration): WrittenField => ({
  name: field.name.getText(),
  comment: commentOver(field),
  madeAtStart: field.initializer !== undefined && ts.isTemplateExpression(field.initializer),
});

function commentOver(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const text = comment ? (ts.getTextOfJSDocComment(comment.comment) ?? '') : '';
  return text.replaceAll(/\s+/g, ' ').trim();
}
